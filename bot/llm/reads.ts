import type { GateOutcome } from '../../approvals/call.ts';
import type { Json } from '../../lib/json.ts';
import type { SortedCall } from './calls.ts';
import type { Said } from './model.ts';
import type { LoopParts, NewRead, ReadDone, Task } from './task.ts';
import { toData } from './untrusted.ts';

type ReadCall = Extract<SortedCall, { kind: 'read' }>;

/** Runs the reads of one reply together, through the gate; results by call id. What failed is told with the very query. */
export async function runReads(
  parts: LoopParts,
  task: Task,
  sorted: readonly SortedCall[],
  reads: ReadDone[],
): Promise<[id: string, result: Said][]> {
  const wanted = sorted.filter((one) => one.kind === 'read');
  const done = await Promise.all(wanted.map((one) => runRead(parts, task, one)));
  if (done.length > 0) task.caller.progress(soFar([...reads, ...done.map(({ read }) => read)]));
  const results: [string, Said][] = [];
  const step = (reads.at(-1)?.step ?? 0) + 1;
  for (const { callId, read, content } of done) {
    const ref = (await task.keep?.(read)) ?? `r${reads.length + 1}`;
    const text = toData(content, { id: ref, tool: read.tool.name, failed: read.outcome !== 'done' });
    reads.push({ ...read, ref, step });
    task.grounds.read.push({ source: read.tool.title, text });
    results.push([callId, { kind: 'result', callId, text, failed: read.outcome !== 'done' }]);
  }
  return results;
}

interface Run {
  callId: string;
  read: NewRead;
  content: Json;
}

async function runRead(
  { gate, clock, command, region }: LoopParts,
  { caller }: Task,
  { call, tool, input }: ReadCall,
): Promise<Run> {
  const line = command(tool, input);
  const at = clock.now();
  caller.progress(`Reading ${line} in ${input.region ?? region}`.slice(0, LONGEST_LINE));
  const outcome = await gate.submit({ tool: tool.name, input }, caller);
  const ms = Math.max(0, clock.now() - at);
  const read = { tool, input, command: line, at, ms, view: outcome.view, outcome: endOf(outcome) };
  return { callId: call.id, read, content: contentOf(outcome, line) };
}

/** 'Thinking. 5 reads in 3.2 s: ec2 status i-… 0.4 s, alarms 0.2 s'; the newest first, as many as fit. */
function soFar(reads: readonly Pick<ReadDone, 'command' | 'ms' | 'at'>[]): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const [first, last] = [reads[0], reads.at(-1)];
  const took = first && last ? last.at + last.ms - first.at : 0;
  const each = reads.map(({ command, ms }) => `${command} ${seconds(ms)}`).reverse();
  const count = reads.length === 1 ? '1 read' : `${reads.length} reads`;
  return `Thinking. ${count} in ${seconds(took)}: ${each.join(', ')}`.slice(0, LONGEST_LINE);
}

const LONGEST_LINE = 140;

function endOf({ status }: GateOutcome): ReadDone['outcome'] {
  return status === 'done' || status === 'denied' ? status : 'failed';
}

function contentOf(outcome: GateOutcome, query: string): Json {
  switch (outcome.status) {
    case 'done':
      return outcome.output ?? outcome.view.title;
    case 'denied':
      return { query, refused_by: outcome.view.rule, because: outcome.view.because };
    case 'failed':
      return { query, error: outcome.error?.code ?? 'failed', message: outcome.error?.message ?? outcome.view.title };
    case 'pending':
      return { query, state: 'pending' };
  }
}
