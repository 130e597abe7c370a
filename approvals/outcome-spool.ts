import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { OpsError } from '../lib/errors.ts';
import { sha256Hex } from '../lib/ids.ts';
import { Outcome } from './approval.ts';

/** How a call to AWS ended. `verify_ms`: how long its effect is looked for; absent where there is nothing to see. */
const Sent = z.strictObject({
  state: z.enum(['succeeded', 'failed', 'unknown']),
  outcome: Outcome,
  verify_ms: z.number().int().positive().optional(),
});
export type Sent = z.output<typeof Sent>;

const Waiting = z.strictObject({
  kind: z.literal('outcome'),
  change_id: z.string(),
  fence: z.number().int(),
  sent: Sent,
});
export type Waiting = z.output<typeof Waiting>;
const Settled = z.strictObject({ kind: z.literal('settled'), change_id: z.string(), fence: z.number().int() });
const Entry = z.discriminatedUnion('kind', [Waiting, Settled]);
type Entry = z.output<typeof Entry>;

/** Outcomes that the store could not take, so that neither a stop nor a crash loses what AWS said (SAFETY §5.4, T2). */
export interface OutcomeSpool {
  /**
   * On disk when it returns.
   *
   * @throws OpsError `store_unavailable` when it cannot be written either
   */
  add(outcome: Omit<Waiting, 'kind'>): void;
  /** The outcome is in the store, or the store knows better. Throws as `add` does. */
  settle(outcome: Pick<Waiting, 'change_id' | 'fence'>): void;
  /**
   * Outcomes that wait, oldest first. A line that a crash or a hand left half or changed says nothing: its change is reported as
   * unknown, as it would be without a spool.
   *
   * @throws OpsError `store_unavailable` when the file is there and cannot be read, or holds what only another version understands
   */
  read(): Waiting[];
}

/** One line an entry, `<SHA-256> <JSON>`, only ever added to. The hash tells a whole line from a torn one; it is no signature. */
export function createOutcomeSpool(path: string): OutcomeSpool {
  const write = (entry: Entry): void => trying(path, 'written', () => append(path, lineOf(entry)));
  return {
    add: (outcome) => write({ kind: 'outcome', ...outcome }),
    settle: ({ change_id, fence }) => write({ kind: 'settled', change_id, fence }),
    read() {
      const text = trying(path, 'read', () => (existsSync(path) ? readFileSync(path, 'utf8') : ''));
      const entries = trying(path, 'understood', () => text.split('\n').flatMap((line) => parseLine(line) ?? []));
      return unsettled(entries);
    },
  };
}

function lineOf(entry: Entry): string {
  const json = JSON.stringify(entry);
  return `${sha256Hex(json)} ${json}`;
}

function append(path: string, line: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const file = openSync(path, 'a', 0o600);
  try {
    // A line end first: whoever crashed before may have left half a line.
    writeFileSync(file, `\n${line}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncFolder(folder);
}

/** A new file outlives a power cut only when its folder was synced too. */
function syncFolder(folder: string): void {
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function parseLine(line: string): Entry | undefined {
  const json = line.slice(65);
  if (line.slice(0, 65) !== `${sha256Hex(json)} `) return undefined;
  return Entry.parse(JSON.parse(json));
}

/** The last word on each change and fence counts. */
function unsettled(entries: readonly Entry[]): Waiting[] {
  const last = new Map(entries.map((entry) => [`${entry.change_id}/${entry.fence}`, entry]));
  return [...last.values()].filter((entry) => entry.kind === 'outcome');
}

function trying<T>(path: string, what: 'written' | 'read' | 'understood', work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new OpsError('store_unavailable', `The spool of outcomes, ${path}, cannot be ${what}: ${said}.`, {
      hint: 'Free the disk, correct OUTCOME_SPOOL, or go back to the version that wrote it. No change runs meanwhile.',
      retryable: true,
      cause,
    });
  }
}
