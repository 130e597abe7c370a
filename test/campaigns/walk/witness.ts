import { type Approval, approvalKind } from '../../../approvals/approval.ts';
import { type AuditRecord, auditKind, GENESIS, recordHash } from '../../../approvals/audit-record.ts';
import type { Store, Write } from '../../../store/store.ts';

/** One committed move of a change, with the record of the same commit. */
export interface Move {
  before: Approval | undefined;
  after: Approval;
  record: AuditRecord | undefined;
}

interface Eyes {
  moved(move: Move): void;
  broken(because: string): void;
}

/** Stands right before the store and sees what is committed, whoever wrote it. Walks the chain of records as it grows. */
export function witnessed(store: Store, { moved, broken }: Eyes): Store {
  const rows = new Map<string, Approval>();
  let [seq, hash] = [0, GENESIS];
  const follow = (record: AuditRecord) => {
    const { hash: said, ...bare } = record;
    if (record.seq !== seq + 1 || record.prev_hash !== hash) broken(`record ${record.seq} does not follow ${seq}`);
    if (recordHash(bare) !== said) broken(`record ${record.seq} has another hash`);
    [seq, hash] = [record.seq, said];
  };
  return {
    ...store,
    async transact(writes, options) {
      const result = await store.transact(writes, options);
      if (!result.committed) return result;
      const record = written<AuditRecord>(writes, auditKind.name);
      if (record) follow(record);
      const after = written<Approval>(writes, approvalKind.name);
      if (!after) return result;
      moved({ before: rows.get(after.id), after, record });
      rows.set(after.id, after);
      return result;
    },
  };
}

function written<T>(writes: readonly Write[], kind: string): T | undefined {
  const found = writes.find((write) => write.kind.name === kind && (write.op === 'put' || write.op === 'update'));
  return found && 'value' in found ? (found.value as T) : undefined;
}
