import { isDeepStrictEqual } from 'node:util';
import type { GateOutcome } from '../../approvals/call.ts';
import { cleanText } from '../../lib/clean-text.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import { redact } from '../../lib/redact.ts';
import type { Tool, WriteTool } from '../../tools/tool.ts';
import type { SortedCall } from './calls.ts';
import { safeModelText } from './model-text.ts';
import { cautions } from './provenance.ts';
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

/** `left`: what was asked for beside them and not done, in words for people. */
type Ended =
  | { kind: 'proposed'; proposed: readonly Proposed[]; left: readonly string[] }
  | { kind: 'confirm'; asked: Asked };

/** Cards of one turn at most: more would not be read. */
const MOST_PROPOSALS = 3;
const LONGEST_REASON = 300;
/** A posted text has to fit behind a button. */
const LONGEST_TEXT = 1_500;

/** What became of the calls of one reply that are no reads. */
interface Tally {
  proposed: Proposed[];
  /** For the model, by call id, and for people. */
  failed: { id: string; toModel: string; toPeople: string }[];
  /** The first that a person has to press. */
  asked?: Asked;
}

/**
 * Puts the changes of one reply to the gate, which stores them as cards that wait for people; or the one workflow call. Ends the turn,
 * unless everything failed in a way that the model can mend: then `results` says how, by call id.
 */
export async function propose(
  parts: LoopParts,
  task: Task,
  sorted: readonly SortedCall[],
): Promise<{ end: Ended } | { results: [id: string, problem: string][] }> {
  const tally: Tally = { proposed: [], failed: [] };
  // Changes first: a card that waits must not be lost to a question about something else.
  for (const one of sorted) if (one.kind === 'write') await proposeWrite(parts, task, one, tally);
  for (const one of sorted) if (one.kind === 'workflow') await runWorkflow(parts, task, one, tally);
  const { proposed, asked, failed } = tally;
  if (proposed.length > 0) {
    const unpressed = asked ? [`${asked.tool.title}: ask for it by itself; it needs your press.`] : [];
    const bad = sorted.flatMap((one) =>
      one.kind === 'bad' ? [`${one.call.tool.slice(0, 60)}: it cannot be called like that.`] : [],
    );
    return {
      end: { kind: 'proposed', proposed, left: [...failed.map(({ toPeople }) => toPeople), ...bad, ...unpressed] },
    };
  }
  if (asked) return { end: { kind: 'confirm', asked } };
  return { results: failed.map(({ id, toModel }) => [id, toModel]) };
}

type Write = Extract<SortedCall, { kind: 'write' }>;
type Workflow = Extract<SortedCall, { kind: 'workflow' }>;

async function proposeWrite(
  parts: LoopParts,
  task: Task,
  { call, tool, input: raw }: Write,
  tally: Tally,
): Promise<void> {
  const input = inPersonsWords(parts, task, tool, raw);
  const problem = whyNot(task, tally.proposed.length);
  if (problem) refuse(tally, call.id, problem, parts.command(tool, input));
  else await submit(parts, task, { id: call.id, tool, input, warned: cautions(input, task.grounds) }, tally);
}

async function runWorkflow(
  parts: LoopParts,
  task: Task,
  { call, tool, input: raw }: Workflow,
  tally: Tally,
): Promise<void> {
  const problem = whyNot(task, 0);
  if (problem) return refuse(tally, call.id, problem, tool.title);
  const input = safeWorkflowInput(task, raw);
  if (isAskedFor(task, tool, input)) return submit(parts, task, { id: call.id, tool, input, warned: [] }, tally);
  tally.asked ??= { tool, input, command: parts.command(tool, input) };
}

function whyNot({ mode, mayPropose }: Task, already: number): string | undefined {
  if (!mayPropose) return 'The person did not ask for a change. Answer in words.';
  if (mode === 'investigation') return 'An investigation only reads. Put it into proposed of report_findings.';
  return already >= MOST_PROPOSALS ? `At most ${MOST_PROPOSALS} changes in one turn.` : undefined;
}

const refuse = ({ failed }: Tally, id: string, problem: string, what: string): void =>
  void failed.push({ id, toModel: problem, toPeople: `${what}: ${problem}` });

interface Submitted {
  id: string;
  tool: Tool;
  input: JsonObject;
  warned: readonly string[];
}

async function submit(
  { gate, command }: LoopParts,
  { caller }: Task,
  { id, tool, input, warned }: Submitted,
  tally: Tally,
): Promise<void> {
  const outcome = await gate.submit({ tool: tool.name, input, cautions: warned }, caller);
  if (outcome.status !== 'failed') return void tally.proposed.push({ tool, input, outcome });
  // AWS's words may be in it.
  const { message = outcome.view.title, hint = '' } = outcome.error ?? {};
  const toModel = toData({ message, hint }, { id, tool: tool.name, failed: true });
  tally.failed.push({ id, toModel, toPeople: `${command(tool, input)}: ${message}` });
}

/** A reason on a card speaks to those who approve: it is the person's own sentence, never the model's. */
function inPersonsWords({ region }: LoopParts, { grounds }: Task, tool: WriteTool, input: JsonObject): JsonObject {
  const theirs: JsonObject = { ...input };
  delete theirs.reason;
  if (theirs.region === region) delete theirs.region;
  return 'reason' in tool.input.shape
    ? { ...theirs, reason: redact(cleanText(grounds.saidNow, LONGEST_REASON)) }
    : theirs;
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

/** The person's own words mean this very call even without a model: whatever else it adds or changes needs their press. */
function isAskedFor({ understood }: Task, { name, input: schema }: Tool, input: JsonObject): boolean {
  if (understood?.tool !== name) return false;
  const [theirs, its] = [schema.safeParse(understood.input), schema.safeParse(input)];
  return theirs.success && its.success && isDeepStrictEqual(theirs.data, its.data);
}
