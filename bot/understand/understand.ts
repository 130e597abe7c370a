import type { Tool } from '../../tools/tool.ts';
import { readControl } from './control.ts';
import { readDecision } from './decisions.ts';
import { finish } from './finish.ts';
import { type Parsed, parseCommand } from './grammar.ts';
import { doubtInReason, stopFor } from './guards.ts';
import { afterLeadIn, afterName, type Lead } from './lead-in.ts';
import { menu } from './nearest.ts';
import { answer, isWithdrawal } from './open-question.ts';
import { matchPhrases } from './phrases.ts';
import { ask } from './question.ts';
import { isGreeting, readRequest } from './requests.ts';
import { type Token, tokenize } from './tokens.ts';
import type { OpenQuestion, Understanding } from './understanding.ts';
import { createVocabulary, type Vocabulary } from './vocabulary.ts';

/** Longer than any request; a pasted log is not searched for one. */
const LONGEST = 4000;

export interface UnderstandContext {
  /** Epoch ms, for the limits of time windows. */
  now: number;
  open?: OpenQuestion;
}

export type Understand = (text: string, context: UnderstandContext) => Understanding;

/**
 * Understanding without a model (L4): exact decisions, help, the command grammar, the catalog's phrases, then the
 * answer to an open question. Pure and synchronous; any text gets an understanding, and only `call` and `decide` lead further.
 */
export function createUnderstanding({ catalog }: { catalog: readonly Tool[] }): Understand {
  const vocabulary = createVocabulary(catalog);
  return (text, context) => understand(vocabulary, text, context);
}

function understand(vocabulary: Vocabulary, text: string, { now, open }: UnderstandContext): Understanding {
  if (text.length > LONGEST) return menu(vocabulary, 'too_long', '');
  if (text.trim() === '') return menu(vocabulary, 'empty', '');
  if (isGreeting(text)) return menu(vocabulary, 'greeting', '');
  const lead = afterLeadIn(text);
  const named = afterName(text);
  const direct =
    readDecision(named) ??
    readControl(named) ??
    readRequest(named, vocabulary) ??
    (lead.rest === named ? undefined : readRequest(lead.rest, vocabulary));
  if (direct) return direct;
  if (open && isWithdrawal(lead.rest)) return menu(vocabulary, 'negation', '');
  const certain = open && answer(vocabulary, open, text.trim(), now, 'certain');
  if (certain) return certain;
  const asked = command(vocabulary, lead, now) ?? matchPhrases(vocabulary, lead, now);
  if (asked?.kind === 'call') return asked;
  const likely = open && answer(vocabulary, open, text.trim(), now, 'likely');
  return likely ?? asked ?? menu(vocabulary, 'unknown', lead.rest);
}

/** The grammar's call or its complaint; undefined lets the phrases try. */
function command(vocabulary: Vocabulary, lead: Lead, now: number): Understanding | undefined {
  const parsed = parseCommand(vocabulary, lead.rest);
  if (parsed.kind === 'none') return undefined;
  if (parsed.kind === 'problem') {
    const sentence = parsed.strict ? undefined : matchPhrases(vocabulary, lead, now, 'strict');
    return sentence && !isVague(sentence, parsed.known.tool) ? sentence : complaint(vocabulary, parsed, now);
  }
  const { known, input } = parsed;
  const result = finish(vocabulary, known, { by: 'grammar', input, message: lead.rest }, now);
  const doubtful = known.tool.effect !== 'read' && isDoubtful(lead, parsed);
  if (doubtful) return matchPhrases(vocabulary, lead, now) ?? menu(vocabulary, 'ambiguous', lead.rest);
  const sentence = result.kind === 'ask' ? matchPhrases(vocabulary, lead, now) : undefined;
  return sentence?.kind === 'call' && sentence.tool === known.tool.name && !hasKeys(lead.rest) ? sentence : result;
}

/** The grammar's own complaint says more; for a change, doubt stays doubt. */
function isVague(one: Understanding, { effect, name }: Tool): boolean {
  if (one.kind === 'ask') return one.tool !== name;
  return one.kind === 'menu' && (one.why === 'unknown' || (one.why === 'ambiguous' && effect === 'read'));
}

/** What was written as `key=value` is never passed over. */
function hasKeys(message: string): boolean {
  return tokenize(message).some(({ key }) => key !== undefined);
}

/** Every word had its place, and still it may not be an order: 'reboot i-…?', '… because it hangs, but only tomorrow'. */
function isDoubtful({ rest, polite }: Lead, parsed: Extract<Parsed, { kind: 'input' }>): boolean {
  const { input, looseReason } = parsed;
  const values = tokenize(rest).filter((word) => word.quoted || word.key !== undefined || isNamedNope(parsed, word));
  const tail = looseReason === undefined ? [] : [{ start: rest.indexOf(looseReason), end: rest.length }];
  const reason = looseReason === undefined ? undefined : doubtInReason(looseReason, Object.values(input));
  return reason !== undefined || stopFor(rest, [...values, ...tail], polite) !== undefined;
}

/** `ecs scale nope checkout 4`: people try a name that is not there. */
function isNamedNope({ exact, input }: Extract<Parsed, { kind: 'input' }>, { text, lower, tail }: Token): boolean {
  return exact && lower === 'nope' && tail === '' && input.cluster === text && input.service !== undefined;
}

function complaint(vocabulary: Vocabulary, parsed: Extract<Parsed, { kind: 'problem' }>, now: number): Understanding {
  const { known, input, because, strict } = parsed;
  const rest = finish(vocabulary, known, { by: 'grammar', input, message: Object.values(input).join(' ') }, now);
  const missing = rest.kind === 'ask' && !strict ? rest.missing : parsed.missing;
  return ask(vocabulary, known, { by: 'grammar', known: input, missing, because });
}
