import { redact } from '../../lib/redact.ts';
import { shapeOf } from './entities.ts';
import { plainWord } from './reading.ts';
import { tokenize } from './tokens.ts';
import type { Understanding } from './understanding.ts';
import type { Vocabulary } from './vocabulary.ts';

const APPROVALS = new Set([
  'approvals',
  'pending',
  'pending approvals',
  'my approvals',
  'list approvals',
  'show approvals',
  'show pending approvals',
  'list pending approvals',
  'show my approvals',
  'what is waiting for me',
  "what's waiting for me",
  'whats waiting for me',
  'approvals pending',
  'what is pending',
  "what's pending",
  'what needs my approval',
  'anything to approve',
  'what do i have to approve',
  'show pending',
]);
const HELP = new Set([
  'help',
  '?',
  '/help',
  'help me',
  'commands',
  'what can you do',
  'what can i do',
  'what do you do',
  'how does this work',
  'menu',
]);
const USAGE = new Set([
  'usage',
  'ops usage',
  'show usage',
  'my usage',
  'model usage',
  'my model usage',
  'show model usage',
  'model cost',
  'model costs',
  'cost of the model',
  'what did the model cost',
  'what does the model cost',
  'how much did the model cost',
]);
const GREETINGS = new Set([
  'hi',
  'hello',
  'hey',
  'yo',
  'hiya',
  'howdy',
  'good morning',
  'good evening',
  'good afternoon',
  'morning',
  'hi there',
  'hello there',
  'thanks',
  'thank you',
  'thx',
  'cheers',
  'hey there',
  'ok',
  'okay',
  'ok thanks',
  'good night',
  'bye',
]);

/** Requests about OpsAgent itself; only as the whole message. */
export function readRequest(message: string, vocabulary: Vocabulary): Understanding | undefined {
  if (message.length > 200) return undefined;
  // A topic is shown again, and in small letters a key is not known for one.
  const words = tokenize(redact(message));
  const said = words
    .map((word) => plainWord(word))
    .join(' ')
    .trim();
  if (APPROVALS.has(said)) return { kind: 'approvals' };
  if (USAGE.has(said)) return { kind: 'usage' };
  if (HELP.has(said)) return { kind: 'help' };
  const topic = topicOf(said, vocabulary);
  return topic === undefined ? undefined : { kind: 'help', topic };
}

export function isGreeting(message: string): boolean {
  const words = tokenize(message.slice(0, 80)).map((word) => plainWord(word));
  const said = words
    .filter((word) => /[a-z]/.test(word) && !['opsagent', '@opsagent', 'ops', '/ops'].includes(word))
    .join(' ');
  return message.length <= 80 && GREETINGS.has(said);
}

/** 'help reboot', 'help with reboot', 'reboot help', 'reboot --help'. */
function topicOf(said: string, vocabulary: Vocabulary): string | undefined {
  const behind = /^help (?:with |on |about |for )?(\S.*)$/.exec(said)?.[1];
  if (behind && behind.split(' ').length <= 3 && !behind.split(' ').some((word) => shapeOf(word))) return behind;
  const before = /^(\S.*) (?:--)?help$/.exec(said)?.[1];
  return before !== undefined && vocabulary.isCommand(before) ? before : undefined;
}
