import type { Kind, Store, Write } from '../../../store/store.ts';

/** Kinds of the audit chain keep their conditions, so that only the change itself is broken. */
const KEPT = ['audit', 'audit_head'];

/**
 * A store that forgot what a condition is: every put and update overwrites what is there. It exists to show that the
 * race test notices.
 */
export function careless(store: Store): Store {
  const blind = async (write: Write): Promise<Write> => {
    if (KEPT.includes(write.kind.name) || write.op === 'check') return write;
    const row = await store.get(write.kind as Kind<unknown>, write.id);
    if (write.op === 'delete')
      return row ? { ...write, version: row.version } : { ...write, op: 'check', version: 'absent' };
    const { kind, id, value } = write;
    return row ? { op: 'update', kind, id, value, version: row.version } : { op: 'put', kind, id, value };
  };
  return {
    ...store,
    async transact(writes, options) {
      for (;;) {
        const committed = await store.transact(await Promise.all(writes.map(blind)), options);
        if (committed.committed || committed.because === 'late' || KEPT.includes(committed.kind)) return committed;
      }
    },
  };
}
