import type { Caller } from '../approvals/call.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Tool } from '../tools/tool.ts';
import type { AssistantParts } from './assistant-parts.ts';
import type { Answer, Shown } from './bot-parts.ts';
import { createEvidence } from './evidence.ts';
import { findingsView } from './findings-view.ts';
import { cardOf, fromGate } from './from-gate.ts';
import type { FindingsReport } from './llm/findings.ts';
import type { LoopEnd } from './llm/loop.ts';
import { safeModelText } from './llm/model-text.ts';
import type { Asked } from './llm/proposals.ts';
import type { ReadDone } from './llm/task.ts';
import type { Turn } from './turn.ts';

interface Ended {
  turn: Turn;
  caller: Caller;
  tools: ReadonlyMap<string, Tool>;
  /** Id of the investigation, when it was one. */
  investigation: string | undefined;
  end: LoopEnd;
}

/** Cards of reads beside an answer; the rest is named. */
const MOST_CARDS = 3;
const LONGEST_ANSWER = 3_000;
const LONGEST_NOTE = 300;

/** What the model's turn looks like to people: its words marked as its own, the cards of what was read, changes as cards that wait. */
export async function answerOf(parts: AssistantParts, ended: Ended): Promise<Answer> {
  const { end } = ended;
  const { reads } = end;
  switch (end.kind) {
    case 'answer':
      return spoken(end.text, reads);
    case 'proposed':
      return proposedAnswer(end);
    case 'confirm':
      return confirmAnswer(end.asked);
    case 'findings':
      return findingsAnswer(parts, ended, end.report);
    case 'stopped':
      return stoppedAnswer(end, reads, ended.investigation !== undefined);
  }
}

/** What was read is not lost: cards beside a short answer, and ids where it was kept. */
function stoppedAnswer(
  { because, next }: { because: string; next: string },
  reads: readonly ReadDone[],
  areKept: boolean,
): Answer {
  const kept = listed(
    'Read and kept: ',
    reads.map(({ ref, command }) => `show ${ref} (${command})`),
    LONGEST_KEPT,
  );
  return {
    outcome: 'failed',
    understoodBy: 'model',
    before: areKept ? [] : cardsOf(reads),
    view: {
      kind: 'message',
      title: 'No answer',
      status: 'warning',
      body: `${because} ${next}`,
      note: areKept && reads.length > 0 ? kept : readsNote(reads),
    },
  };
}

const LONGEST_KEPT = 1_000;

function spoken(text: string, reads: readonly ReadDone[]): Answer {
  const [only, ...more] = reads;
  return {
    outcome: 'answer',
    understoodBy: 'model',
    ...(only && more.length === 0 && { tool: only.tool.name, input: only.input }),
    before: cardsOf(reads),
    view: {
      kind: 'message',
      title: text.trimEnd().endsWith('?') && reads.length === 0 ? 'A question' : 'Answer',
      body: safeModelText(text, LONGEST_ANSWER),
      aiWritten: true,
      note:
        text.length > LONGEST_ANSWER ? `The answer was longer and is cut. ${readsNote(reads) ?? ''}` : readsNote(reads),
    },
  };
}

/** The reads that the answer is about: those of its last step, as far as they fit. */
function cardsOf(reads: readonly ReadDone[]): Shown[] {
  const last = reads.at(-1)?.step;
  return reads
    .filter(({ step }) => step === last)
    .slice(0, MOST_CARDS)
    .map(({ view }) => ({ view }));
}

/** As many as fit whole; the rest is counted. */
function listed(head: string, items: readonly string[], most: number): string {
  let text = head;
  for (const [n, item] of items.entries()) {
    const next = `${text}${n > 0 ? ' · ' : ''}${item}`;
    if (next.length > most) return `${text} and ${items.length - n} more`;
    text = next;
  }
  return text;
}

function readsNote(reads: readonly ReadDone[]): string | undefined {
  if (reads.length === 0) return undefined;
  return listed(
    'Read: ',
    reads.map(({ command }) => command),
    LONGEST_NOTE,
  );
}

function proposedAnswer({ proposed, left, reads }: Extract<LoopEnd, { kind: 'proposed' }>): Answer {
  const [first, ...more] = proposed;
  if (!first) throw new TypeError('a turn that ends with proposals has one');
  const answer: Answer = {
    ...fromGate(first.outcome),
    understoodBy: 'model',
    tool: first.tool.name,
    input: first.input,
  };
  const others = [...cardsOf(reads), ...more.map(({ outcome }) => ({ view: outcome.view, card: cardOf(outcome) }))];
  if (left.length === 0) return { ...answer, before: others };
  const { card, ...rest } = answer;
  const body = left.map((one) => `- ${safeModelText(one, LONGEST_LEFT)}`).join('\n');
  return {
    ...rest,
    before: [...others, { view: answer.view, card }],
    view: { kind: 'message', title: 'Not everything was proposed', status: 'warning', body },
  };
}

const LONGEST_LEFT = 300;

/** A press says it in the person's own name. */
function confirmAnswer({ tool, command }: Asked): Answer {
  return {
    outcome: 'menu',
    understoodBy: 'model',
    tool: tool.name,
    view: {
      kind: 'question',
      title: `${tool.title}?`,
      status: 'waiting',
      question: `Nobody asked for this in so many words, so it waits for you:\n${command}`,
      actions: [{ kind: 'say', label: tool.title.slice(0, 40), text: command, style: 'primary' }],
      aiWritten: true,
      note: 'Nothing was done.',
    },
  };
}

async function findingsAnswer(
  { store, clock, command, consoleUrl }: AssistantParts,
  { turn, tools, investigation = '', end }: Ended,
  report: FindingsReport,
): Promise<Answer> {
  const kept = await createEvidence(store, clock).of(investigation);
  const reads = end.reads.flatMap(({ ref }) => kept.filter(({ id }) => id === ref));
  const proposed = report.proposed.flatMap((one) => {
    const tool = tools.get(one.tool);
    // A press says the command in the person's own name: a reason would be the model's, so it says where the idea is from.
    const { reason: _, ...input } = one.input;
    if (tool?.effect !== 'write' || !tool.input.safeParse(input).success) return [];
    const source: JsonObject = 'reason' in tool.input.shape ? { reason: `suggested by ${investigation}` } : {};
    const label = [tool.command, ...Object.values(input)].join(' ');
    return [{ one, command: { text: command(tool, { ...input, ...source }), label } }];
  });
  const safe = safeReport({ ...report, proposed: proposed.map(({ one }) => one) });
  const commands = proposed.map((each) => each.command);
  const view = findingsView({ question: turn.text, report: safe, reads, commands, consoleUrl });
  return { outcome: 'answer', understoodBy: 'model', view };
}

const LONGEST_SENTENCE = 600;

function safeReport({ summary, findings, alternatives, proposed }: FindingsReport): FindingsReport {
  const safe = (text: string) => safeModelText(text, LONGEST_SENTENCE);
  return {
    summary: safe(summary),
    findings: findings.map((one) => ({ ...one, text: safe(one.text) })),
    alternatives: alternatives.map(({ text, why_not }) => ({ text: safe(text), why_not: safe(why_not) })),
    proposed: proposed.map((one) => ({ ...one, expected_effect: safe(one.expected_effect), undo: safe(one.undo) })),
  };
}
