import { asOpsError } from '../../lib/errors.ts';
import { sortCall } from './calls.ts';
import { type FindingsReport, parseFindings } from './findings.ts';
import type { Message, ModelReply, Replied, Said, Tokens } from './model.ts';
import { systemPrompt } from './prompt.ts';
import { type Asked, type Proposed, propose } from './proposals.ts';
import { runReads } from './reads.ts';
import type { LoopParts, ReadDone, Task } from './task.ts';

/** How a turn ended. Whatever it was, `reads` were made. */
export type LoopEnd = { reads: readonly ReadDone[] } & (
  | { kind: 'answer'; text: string }
  | { kind: 'proposed'; proposed: readonly Proposed[]; left: readonly string[] }
  /** It wants something done that nobody asked for in words: a person presses first. */
  | { kind: 'confirm'; asked: Asked }
  | { kind: 'findings'; report: FindingsReport }
  /** No answer, and why: a cap, a refusal, an answer cut off. */
  | { kind: 'stopped'; because: string; next: string }
);

/**
 * Asks the model, does what its calls may do, tells it what came of them, until it answers. Reads run, together; writes are proposed and
 * end the turn; nothing of an incomplete reply runs (SAFETY C7).
 *
 * @throws OpsError `model_unavailable`, `model_error`
 */
export async function converse(parts: LoopParts, task: Task): Promise<LoopEnd> {
  const reads: ReadDone[] = [];
  const messages = [...task.messages];
  while (true) {
    const over = task.allowance.beforeCall();
    if (over) return { kind: 'stopped', because: over.because, next: over.next, reads };
    const reply = await ask(parts, task, messages, reads);
    if ('because' in reply) return { kind: 'stopped', ...reply, reads };
    task.allowance.count(reply.usage);
    continueWith(messages, reply.content);
    if (reply.end === 'paused' && reply.content.length > 0) continue;
    if (reply.end !== 'calls') return { ...ended(reply), reads };
    const step = await takeStep(parts, task, reply.content, reads);
    if ('end' in step) return { ...step.end, reads };
    const hurry: Said[] = task.mode === 'investigation' && task.allowance.isNearlyOver() ? [REPORT_NOW] : [];
    messages.push({ role: 'user', content: [...step.results, ...hurry] });
  }
}

/** A model that goes away after some reads leaves them to be shown; before that, somebody else can answer. */
async function ask(
  { model }: LoopParts,
  { specs, signal, allowance }: Task,
  messages: readonly Message[],
  reads: readonly ReadDone[],
): Promise<ModelReply | { because: string; next: string }> {
  try {
    return await model.reply({ system: systemPrompt, tools: specs, messages, signal });
  } catch (thrown) {
    const error = asOpsError(thrown);
    const isModels = error.code === 'model_unavailable' || error.code === 'model_error';
    if (isModels && BILLED.has(error.facts.why)) allowance.count(estimate(messages));
    if (!isModels || reads.length === 0) throw error;
    return { because: `The model stopped in the middle: ${error.message}`, next: error.hint };
  }
}

/** Why there was no answer although the vendor worked on one, and will want to be paid. */
const BILLED: ReadonlySet<unknown> = new Set(['timeout', 'cut', 'unreadable']);

/** Four characters a token, as English has them; without the tools and the prompt, which come from the cache. */
function estimate(messages: readonly Message[]): Tokens {
  return { input: Math.ceil(JSON.stringify(messages).length / 4), cacheRead: 0, cacheWrite: 0, output: 0 };
}

/** A reply that paused is taken up again where it stopped. */
function continueWith(messages: Message[], content: readonly Replied[]): void {
  const last = messages.at(-1);
  if (last?.role === 'assistant') messages.splice(-1, 1, { role: 'assistant', content: [...last.content, ...content] });
  else messages.push({ role: 'assistant', content });
}

type Bare<End> = End extends unknown ? Omit<End, 'reads'> : never;
type Step = { end: Bare<LoopEnd> } | { results: Said[] };

async function takeStep(parts: LoopParts, task: Task, content: readonly Replied[], reads: ReadDone[]): Promise<Step> {
  const calls = content.filter((block) => block.kind === 'call');
  const asked = reads.length + calls.length;
  if (asked > task.mostCalls) return { end: tooMany(task.mostCalls) };
  const sorted = calls.map((call) => sortCall(task.tools, call, task.grounds.saidNow));
  const report = sorted.find(({ kind }) => kind === 'report');
  const found = report && task.mode === 'investigation' ? parseFindings(report.call.input) : undefined;
  if (found?.ok) return { end: { kind: 'findings', report: found.report } };
  const results = new Map<string, Said>();
  for (const one of sorted) {
    if (one.kind === 'bad') results.set(one.call.id, failed(one.call.id, one.problem));
    if (one.kind === 'report') results.set(one.call.id, failed(one.call.id, found?.problems ?? NOT_INVESTIGATING));
  }
  for (const [id, text] of await runReads(parts, task, sorted, reads)) results.set(id, text);
  const rest = await propose(parts, task, sorted);
  if ('end' in rest) return { end: rest.end };
  for (const [id, text] of rest.results) results.set(id, failed(id, text));
  return { results: calls.map(({ id }) => results.get(id) ?? failed(id, 'It was not done.')) };
}

const REPORT_NOW: Said = {
  kind: 'text',
  text: 'There is time for one more step: call report_findings now with what you know, and say what is not known.',
};

const NOT_INVESTIGATING = 'report_findings is for investigations. Answer in words.';

export const failed = (callId: string, text: string): Said => ({ kind: 'result', callId, text, failed: true });

function tooMany(most: number): Bare<LoopEnd> {
  return {
    kind: 'stopped',
    because: `The model asked for more than ${most} calls in one turn.`,
    next: 'Ask for less at once, or name what you want to see: help shows the commands.',
  };
}

const STOPPED: Record<Exclude<ModelReply['end'], 'answer' | 'calls' | 'paused'>, { because: string; next: string }> = {
  truncated: {
    because: 'The model’s answer was longer than it may be and broke off, so nothing of it was used.',
    next: 'Ask for less at once.',
  },
  refused: {
    because: 'The model declined to answer this.',
    next: 'Say it in other words, or use a command: help shows them.',
  },
  context_full: {
    because: 'This was more text than the model can hold.',
    next: 'Ask for less at once, or start a new thread.',
  },
};

function ended({ end, content }: ModelReply): Bare<LoopEnd> {
  if (end === 'truncated' || end === 'refused' || end === 'context_full') return { kind: 'stopped', ...STOPPED[end] };
  const text = content
    .flatMap((block) => (block.kind === 'text' ? [block.text] : []))
    .join('\n\n')
    .trim();
  if (text !== '') return { kind: 'answer', text };
  return {
    kind: 'stopped',
    because: 'The model answered nothing.',
    next: 'Ask again, or use a command: help shows them.',
  };
}
