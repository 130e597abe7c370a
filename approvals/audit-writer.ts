import { type Committed, check, put, type Store, update, type Write } from '../store/store.ts';
import {
  type AuditFacts,
  type AuditRecord,
  auditKind,
  type ChainHead,
  GENESIS,
  headKind,
  seqKey,
} from './audit-record.ts';

/** What is committed together. */
export interface Entry {
  writes: readonly Write[];
  facts: AuditFacts;
  /** What the first record of a chain demands besides. */
  unchanged: Write;
  /** Epoch ms. */
  before?: number;
}

/** One try to add a record to the chain. A conflict about the chain itself is worth another. */
export type ChainWriter = (entry: Entry) => Promise<Committed>;

interface Parts {
  store: Store;
  /** Makes the record from what its writer knows and its place in the chain. */
  chained(facts: AuditFacts, place: Pick<AuditRecord, 'chain' | 'seq' | 'prev_hash'>): AuditRecord;
  /** Called in chain order after the commit. */
  committed?: (record: AuditRecord) => void;
}

interface Head extends ChainHead {
  /** Version of the head row; 0 while the chain is empty. */
  version: number;
}

/**
 * The one writer of a chain in this process. Records are pipelined: each builds on the one before without waiting for its
 * commit, and the store applies them in order; when one fails, those behind it fail on the head and take their place anew.
 */
export function createChainWriter({ store, chained, committed: told }: Parts, chain: string): ChainWriter {
  let predicted: Promise<Head> | undefined;

  const readHead = async (): Promise<Head> => {
    const row = await store.get(headKind, chain);
    return row ? { ...row.value, version: row.version } : { seq: 0, hash: GENESIS, version: 0 };
  };

  return async ({ writes, facts, unchanged, before }) => {
    const mine = predicted ?? readHead();
    const next = Promise.withResolvers<Head>();
    // A failure is told to its own caller below; nobody may be waiting for the head.
    next.promise.catch(() => undefined);
    predicted = next.promise;
    try {
      const head = await mine;
      const record = chained(facts, { chain, seq: head.seq + 1, prev_hash: head.hash });
      const after = head.version === 0 ? unchanged : check(auditKind, idOf(head), 1);
      const committing = store.transact(
        [...writes, after, put(auditKind, idOf(record), record), moveHead(head, record)],
        { before },
      );
      next.resolve({ seq: record.seq, hash: record.hash, version: head.version + 1 });
      const committed = await committing;
      if (committed.committed) told?.(record);
      else predicted = undefined;
      return committed;
    } catch (error) {
      next.reject(error);
      predicted = undefined;
      throw error;
    }
  };
}

/**
 * With its hash, so that a record can demand that the very one it builds on is there. The head's version alone would not do: a
 * head that was only predicted may have the version of somebody else's.
 */
const idOf = ({ seq, hash }: ChainHead): string => `${seqKey(seq)}-${hash}`;

function moveHead(head: Head, { chain, seq, hash }: AuditRecord): Write {
  return head.version === 0
    ? put(headKind, chain, { seq, hash })
    : update(headKind, { id: chain, version: head.version, value: head }, { seq, hash });
}
