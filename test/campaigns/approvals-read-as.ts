import { type Approval, approvalKind } from '../../approvals/approval.ts';
import type { Store, Stored } from '../../store/store.ts';

/** A sabotage of many: whoever reads a change from this store reads it as `change` makes it. What is written stays as it is. */
export function approvalsReadAs(change: (approval: Approval) => Approval): (store: Store) => Store {
  const changed = <T>(row: Stored<T>): Stored<T> => ({ ...row, value: change(row.value as Approval) as T });
  return (store) => ({
    ...store,
    async get(kind, id) {
      const row = await store.get(kind, id);
      return row && kind.name === approvalKind.name ? changed(row) : row;
    },
    async query(kind, query) {
      const page = await store.query(kind, query);
      return kind.name === approvalKind.name ? { ...page, rows: page.rows.map(changed) } : page;
    },
  });
}
