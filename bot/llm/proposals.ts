import type { GateOutcome } from '../../approvals/call.ts';
import { cleanText } from '../../lib/clean-text.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import type { Tool, WriteTool } from '../../tools/tool.ts';
import type { SortedCall } from './calls.ts';
import { safeModelText } from './model-text.ts';
import { cautions, says } from './provenance.ts';
import type { LoopParts, Task } from './task.ts';
import { toData } from './untrusted.ts';

/** A call that the gate took: a card that waits, or a refusal. */
export interface Proposed {
  tool: Tool;
  input: JsonObject;
  outcome: GateOutcome;
}

/** What a person has to press before it runs. */
export interface Asked {
  tool: Tool;
  input: JsonObject;
  command: string;
}

type Ended = { kind: 'proposed'; proposed: readonly Proposed[] } | { kind: 'confirm'; asked: Asked };

/** Cards of one turn at most: more would not be read. */
const MOST_PROPOSALS = 3;
const LONGEST_REASON = 300;
/** A posted text has to fit behind a button. */
const LONGEST_TEXT = 1_500;

/**
 * Puts the changes of one reply to the gate, which stores them as cards that wait for people; or the one workflow call. Ends the turn,
 * unless everything failed in a way that the model can mend: then `results` says how, by call id.
 */
export async function propose(
  parts: LoopParts,
  task: Task,
  sorted: readonly SortedCall[],
): Promise<{ end: Ended } | { results: [id: string, problem: string][] }> {
  const results: [string, string][] = [];
  const proposed: Proposed[] = [];
  for (const one of sorted) {
    if (one.kind !== 'write' && one.kind !== 'workflow') continue;
    const problem = whyNot(task, proposed.length);
    if (problem !== undefined) results.push([one.call.id, problem]);
    else if (one.kind === 'workflow') {
      const input = safeWorkflowInput(task, one.input);
      if (!isAskedFor(task, one.tool, input))
        return { end: { kind: 'confirm', asked: { tool: one.tool, input, command: parts.command(one.tool, input) } } };
      await submit(parts, task, one.tool, input, [], { id: one.call.id, proposed, results });
    } else {
      const input = inPersonsWords(parts, task, one.tool, one.input);
      await submit(parts, task, one.tool, input, cautions(input, task.grounds), { id: one.call.id, proposed, results });
    }
  }
  return proposed.length > 0 ? { end: { kind: 'proposed', proposed } } : { results };
}

function whyNot({ mode, mayPropose }: Task, already: number): string | undefined {
  if (!mayPropose) return 'The person did not ask for a change. Answer in words.';
  if (mode === 'investigation') return 'An investigation only reads. Put it into proposed of report_findings.';
  return already >= MOST_PROPOSALS ? `At most ${MOST_PROPOSALS} changes in one turn.` : undefined;
}

interface Into {
  id: string;
  proposed: Proposed[];
  results: [string, string][];
}

async function submit(
  { gate }: LoopParts,
  { caller }: Task,
  tool: Tool,
  input: JsonObject,
  warned: readonly string[],
  { id, proposed, results }: Into,
): Promise<void> {
  const outcome = await gate.submit({ tool: tool.name, input, cautions: warned }, caller);
  if (outcome.status !== 'failed') proposed.push({ tool, input, outcome });
  else {
    // AWS's words may be in it.
    const { message = outcome.view.title, hint = '' } = outcome.error ?? {};
    results.push([id, toData({ message, hint }, { id, tool: tool.name, failed: true })]);
  }
}

/** A reason on a card speaks to those who approve: it is the person's own sentence, never the model's. */
function inPersonsWords({ region }: LoopParts, { grounds }: Task, tool: WriteTool, input: JsonObject): JsonObject {
  const theirs: JsonObject = { ...input };
  delete theirs.reason;
  if (theirs.region === region) delete theirs.region;
  return 'reason' in tool.input.shape ? { ...theirs, reason: cleanText(grounds.saidNow, LONGEST_REASON) } : theirs;
}

/** Texts lose their links; addresses that the person did not write are left out. */
function safeWorkflowInput({ grounds }: Task, input: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(input).flatMap(([field, value]): [string, Json][] => {
      if (typeof value !== 'string') return [[field, value]];
      if (/^https?:/i.test(value)) return grounds.saidNow.includes(value) ? [[field, value]] : [];
      return [[field, safeModelText(value, LONGEST_TEXT)]];
    }),
  );
}

/** The person's own words mean this tool even without a model, and name where it goes. */
function isAskedFor({ named, grounds }: Task, { name }: Tool, { channel }: JsonObject): boolean {
  return named === name && (typeof channel !== 'string' || says(grounds.saidNow, channel));
}
