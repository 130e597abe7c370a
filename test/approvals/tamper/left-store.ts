import type { AuditRecord, ChainHead } from '../../../approvals/audit-record.ts';
import type { Checkpoint } from '../../../approvals/checkpoint.ts';
import type { Kind, Store } from '../../../store/store.ts';

/** What an intruder left behind: the rows of the store, and the lines of the second place. */
export interface Left {
  records: AuditRecord[];
  head: ChainHead;
  checkpoints: Checkpoint[];
  /** Up to this checkpoint the second place is said to have them all. */
  delivered: number;
  place: string[];
}

/** A store that only reads, and reads just those rows: an intruder keeps to no rule of ours. */
export function leftStore({ records, head, checkpoints, delivered }: Left): Store {
  const claim = { up_to: delivered, late_to: 0, holder: '', until: 0 };
  const single: Record<string, unknown> = { audit_head: head, audit_delivery: claim };
  const listed: Record<string, readonly unknown[]> = { audit: records, audit_checkpoint: checkpoints };
  const stored = <T>(kind: Kind<T>, value: unknown, id: string) => ({
    id,
    version: 1,
    value: kind.schema.parse(value),
  });

  return {
    get: async (kind, id) => (single[kind.name] ? stored(kind, single[kind.name], id) : undefined),
    async query(kind, { index, partition, from = '', newestFirst = false }) {
      const rows = (listed[kind.name] ?? []).map((value, place) => stored(kind, value, String(place)));
      const placed = rows.flatMap((row) => {
        const key = kind.indexes[index]?.(row.value);
        return key?.partition === partition && key.sort >= from ? [{ row, sort: key.sort }] : [];
      });
      const sorted = placed.toSorted((a, b) => (a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : 0));
      return { rows: (newestFirst ? sorted.toReversed() : sorted).map(({ row }) => row) };
    },
    places: async () => ({ rows: [] }),
    transact: async () => ({ committed: false, because: 'late' }),
    close: async () => undefined,
  };
}
