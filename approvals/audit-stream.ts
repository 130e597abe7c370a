import type { Clock } from '../lib/clock.ts';
import { asOpsError } from '../lib/errors.ts';
import { canonicalJson, type JsonObject } from '../lib/json.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/store.ts';
import { readChains } from './audit-chains.ts';
import { type AuditRecord, auditKind, CHAIN, seqKey } from './audit-record.ts';
import { readHead } from './audit-walk.ts';
import { type Delivered, deliverInTurn, readDelivered, withinTime } from './delivery.ts';

/** A place that takes lines in order, such as a log stream. */
export interface LinePlace {
  /** The same in every process: 'logs:group'. */
  readonly name: string;
  /** Durable when it resolves. */
  append(lines: readonly string[], signal: AbortSignal): Promise<void>;
  /** Bytes of UTF-8 that one line may have. */
  readonly longestLine: number;
}

export interface AuditStream {
  /** Sends what has not arrived, oldest first. Never rejects; says what went wrong. */
  tick(): Promise<string | undefined>;
  problem(): string | undefined;
}

interface Parts {
  store: Store;
  clock: Clock;
  log: Log;
  place: LinePlace;
  /** Names this process. */
  node: string;
  /** How long one batch may take to arrive. */
  writeMs?: number;
}

/** Records that arrive later than this are announced by a line of their own. */
const LATE_MS = 5 * 60_000;
const WRITE_MS = 10_000;
const BATCH = 200;

/**
 * The copy of the record outside. It reads from the store what has not arrived, so that neither an outage nor a crash loses a line;
 * after an outage a line says first from which record to which the copy of a chain was behind. A record may stand there twice.
 */
export function createAuditStream({ store, clock, log, place, node, writeMs = WRITE_MS }: Parts): AuditStream {
  let running: Promise<string | undefined> | undefined;
  let problem: string | undefined;

  async function sendBatch(chain: string, { up_to, late_to }: Delivered): Promise<Delivered> {
    const from = { index: 'by_chain', partition: chain, from: seqKey(up_to + 1), limit: BATCH };
    const records = (await store.query(auditKind, from)).rows.map(({ value }) => value);
    const [first] = records;
    const newest = records.at(-1);
    if (!first || !newest) return { up_to, late_to };
    const isLate = first.seq > late_to && clock.now() - Date.parse(first.ts) > LATE_MS;
    const gapTo = isLate ? (await readHead(store, chain)).seq : late_to;
    const lines = records.map((record) => lineOf(record, place.longestLine));
    const announced = isLate ? [gapLine(first, gapTo, clock.now()), ...lines] : lines;
    await withinTime(writeMs, (signal) => place.append(announced, signal));
    return { up_to: newest.seq, late_to: gapTo };
  }

  async function sendChain(chain: string): Promise<void> {
    // Each chain is delivered for itself; the only one of a store keeps the name that it always had.
    const name = chain === CHAIN ? place.name : `${place.name} ${chain}`;
    for (;;) {
      const { up_to } = await readDelivered(store, name);
      if (up_to >= (await readHead(store, chain)).seq) return;
      const send = (delivered: Delivered) => sendBatch(chain, delivered);
      const mine = await deliverInTurn({ store, clock, holder: node }, name, send);
      // Another process is at it, or the list has not caught up with the head.
      if (!mine || (await readDelivered(store, name)).up_to === up_to) return;
    }
  }

  async function work(): Promise<string | undefined> {
    try {
      for (const chain of (await readChains(store)).names) await sendChain(chain);
      problem = undefined;
    } catch (thrown) {
      const { message } = asOpsError(thrown);
      if (problem !== message) log.warn({ place: place.name, error: message }, 'the audit copy does not arrive');
      problem = message;
    }
    return problem;
  }

  return {
    tick() {
      running ??= work().finally(() => {
        running = undefined;
      });
      return running;
    },
    problem: () => problem,
  };
}

/** What no line can hold is named with its hash instead: the copy still vouches for it. */
function lineOf(record: AuditRecord, longest: number): string {
  const line = canonicalJson(record as JsonObject);
  if (Buffer.byteLength(line) <= longest) return line;
  const { v, chain, seq, prev_hash, hash, ts } = record;
  return canonicalJson({ v, chain, seq, prev_hash, hash, ts, gap: 'too long for this place' });
}

function gapLine({ v, chain, seq, ts }: AuditRecord, to: number, now: number): string {
  return canonicalJson({ v, chain, gap: 'late', from: seq, to, since: ts, until: new Date(now).toISOString() });
}
