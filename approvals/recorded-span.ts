import type { Log } from '../lib/log.ts';
import { readablePage } from '../store/readable-page.ts';
import type { Store } from '../store/store.ts';
import type { Counted, Span } from '../tools/records.ts';
import { readChains } from './audit-chains.ts';
import { type AuditRecord, auditKind, seqKey } from './audit-record.ts';
import { readHead } from './audit-walk.ts';

/** A report over more would keep people waiting; it says from when on it counted. */
export const MOST_EVENTS = 10_000;
const PAGE = 200;
/** Clocks of several processes differ: a record may stand behind one that is a little younger. */
const LEEWAY_MS = 60_000;

interface Parts {
  store: Store;
  log: Log;
  signal: AbortSignal;
}

/** One chain on its way to older records. */
interface Lane {
  chain: string;
  /** The next record has a lower number. */
  below: number;
  /** Epoch ms of the oldest record read. */
  reached: number;
  isOver: boolean;
}

/**
 * The newest records of a span, about 10,000 at most: all chains side by side, page by page by number, until every chain has passed
 * the beginning of the span. Where the limit ends it sooner, `since` is the moment from which no chain is missing a record.
 *
 * @throws OpsError `store_unavailable`
 */
export async function recordedIn(parts: Parts, span: Span): Promise<Counted<AuditRecord>> {
  const { names } = await readChains(parts.store);
  const lanes = await Promise.all(names.map((chain) => openLane(parts, chain, span.to)));
  const found: AuditRecord[] = [];
  for (;;) {
    const open = lanes.filter(({ isOver }) => !isOver);
    if (open.length === 0) return { items: found, since: span.from };
    if (found.length >= MOST_EVENTS) return cut(found, open);
    parts.signal.throwIfAborted();
    const pages = await Promise.all(open.map((lane) => readOn(parts, lane, span)));
    found.push(...pages.flat());
  }
}

/** At the oldest moment that every open lane has passed; the records of that very moment may not all be there. */
function cut(found: readonly AuditRecord[], open: readonly Lane[]): Counted<AuditRecord> {
  const since = Math.max(...open.map(({ reached }) => reached)) + 1;
  return { items: found.filter(({ ts }) => Date.parse(ts) >= since), since };
}

async function readOn({ store, log }: Parts, lane: Lane, { from, to }: Span): Promise<AuditRecord[]> {
  const list = { index: 'by_chain', partition: lane.chain, newestFirst: true, limit: PAGE, to: seqKey(lane.below) };
  const { rows, next } = await readablePage({ store, log }, auditKind, list);
  const records = rows.map(({ value }) => value);
  const oldest = records.at(-1);
  lane.below = oldest?.seq ?? lane.below - PAGE;
  if (oldest) lane.reached = Date.parse(oldest.ts);
  lane.isOver = next === undefined || lane.reached < from - LEEWAY_MS;
  return records.filter(({ ts }) => Date.parse(ts) >= from && Date.parse(ts) < to);
}

/** Starts behind the last record before `to`: what is younger is not walked through. */
async function openLane({ store }: Parts, chain: string, to: number): Promise<Lane> {
  const { seq } = await readHead(store, chain);
  let [low, high] = [1, seq + 1];
  const isBefore = async (at: number) => {
    const list = { index: 'by_chain', partition: chain, from: seqKey(at), limit: 1 };
    const [row] = (await store.query(auditKind, list)).rows;
    return row !== undefined && Date.parse(row.value.ts) < to + LEEWAY_MS;
  };
  if (seq > PAGE && !(await isBefore(seq))) {
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (await isBefore(middle)) low = middle + 1;
      else high = middle;
    }
  }
  return { chain, below: high, reached: to, isOver: seq === 0 };
}
