import type { AuditRecord } from '../../../approvals/audit-record.ts';
import type { ChainEnd } from '../../../approvals/audit-walk.ts';
import type { Checkpoint } from '../../../approvals/checkpoint.ts';
import type { Kind, Store } from '../../../store/store.ts';

/** What an intruder left behind: the rows of the store, and the lines of the second place. */
export interface Left {
  /** Absent where the store does not say how many chains it has. */
  layout?: { chains: number };
  records: AuditRecord[];
  heads: ChainEnd[];
  checkpoints: Checkpoint[];
  /** Up to this checkpoint the second place is said to have them all. */
  delivered: number;
  place: string[];
}

/** A store that only reads, and reads just those rows: an intruder keeps to no rule of ours. */
export function leftStore({ layout, records, heads, checkpoints, delivered }: Left): Store {
  const claim = { up_to: delivered, late_to: 0, holder: '', until: 0 };
  const rows = new Map<string, unknown>([
    ['audit_delivery memory', claim],
    ...heads.map(({ chain, ...head }): [string, unknown] => [`audit_head ${chain}`, head]),
  ]);
  if (layout) rows.set('audit_layout audit', layout);
  const listed: Record<string, readonly unknown[]> = { audit: records, audit_checkpoint: checkpoints };
  const stored = <T>(kind: Kind<T>, value: unknown, id: string) => ({
    id,
    version: 1,
    value: kind.schema.parse(value),
  });

  return {
    async get(kind, id) {
      const value = rows.get(`${kind.name} ${id}`);
      return value === undefined ? undefined : stored(kind, value, id);
    },
    async query(kind, { index, partition, from = '', newestFirst = false }) {
      const all = (listed[kind.name] ?? []).map((value, place) => stored(kind, value, String(place)));
      const placed = all.flatMap((row) => {
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
