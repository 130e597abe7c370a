import type { Clock } from '../lib/clock.ts';
import { asOpsError, OpsError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Log } from '../lib/log.ts';
import { redactJson } from '../lib/redact.ts';
import { type Committed, check, put, type Store, update, type Write } from '../store/store.ts';
import {
  type AuditFacts,
  type AuditRecord,
  auditKind,
  CHAIN,
  type ChainHead,
  GENESIS,
  headKind,
  recordHash,
  seqKey,
} from './audit-record.ts';

export interface Audit {
  /**
   * Commits `writes` and the record in one transaction: neither is ever there without the other.
   *
   * @throws OpsError `audit_unavailable` when it is not known to be recorded: nothing was written, or a store that did not answer
   * in time wrote it all the same, together with `writes`
   */
  commit(writes: readonly Write[], facts: AuditFacts, options?: { before?: number }): Promise<Committed>;
  /** A record of its own. @throws OpsError `audit_unavailable` */
  record(facts: AuditFacts): Promise<void>;
}

interface Dependencies {
  store: Store;
  clock: Clock;
  log: Log;
  /** Names this process in records. */
  node: string;
  build: string;
  /** The second copy, a line a record; called in chain order after the commit. */
  copy?: (record: AuditRecord) => void;
}

interface Head extends ChainHead {
  /** Version of the head row; 0 while the chain is empty. */
  version: number;
}

const MAX_TRIES = 100;

/**
 * The one writer of the chain in this process. Records are pipelined: each builds on the one before without waiting for its
 * commit, and the store applies them in order; when one fails, those behind it fail on the head and take their place anew.
 */
export function createAudit({ store, clock, log, node, build, copy }: Dependencies): Audit {
  let predicted: Promise<Head> | undefined;

  const readHead = async (): Promise<Head> => {
    const row = await store.get(headKind, CHAIN);
    return row ? { ...row.value, version: row.version } : { seq: 0, hash: GENESIS, version: 0 };
  };

  const attempt = async (
    writes: readonly Write[],
    facts: AuditFacts,
    options: { before?: number },
  ): Promise<Committed> => {
    const mine = predicted ?? readHead();
    const next = Promise.withResolvers<Head>();
    // A failure is told to its own caller below; nobody may be waiting for the head.
    next.promise.catch(() => undefined);
    predicted = next.promise;
    try {
      const head = await mine;
      const record = chained(facts, head, clock.now(), node, build);
      const committing = store.transact(
        [...writes, ...afterHead(head), put(auditKind, idOf(record), record), moveHead(head, record)],
        options,
      );
      next.resolve({ seq: record.seq, hash: record.hash, version: head.version + 1 });
      const committed = await committing;
      if (committed.committed) copy?.(record);
      else predicted = undefined;
      return committed;
    } catch (error) {
      next.reject(error);
      predicted = undefined;
      throw error;
    }
  };

  const commit: Audit['commit'] = async (writes, asWritten, options = {}) => {
    const facts = withoutSecrets(asWritten);
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      let committed: Committed;
      try {
        committed = await attempt(writes, facts, options);
      } catch (cause) {
        throw unavailable(cause);
      }
      if (committed.committed || !isAboutTheChain(committed)) return committed;
      if (tries > 2) await clock.sleep(Math.random() * Math.min(50, 2 ** tries));
    }
    log.error({ tries: MAX_TRIES }, 'the audit chain is too busy');
    throw unavailable(new Error('the chain is too busy'));
  };

  return {
    commit,
    record: async (facts) => {
      await commit([], facts);
    },
  };
}

/** Whoever wrote it and whatever words of people or AWS it quotes (A5). */
function withoutSecrets(facts: AuditFacts): AuditFacts {
  return redactJson(facts as JsonObject) as AuditFacts;
}

function chained(facts: AuditFacts, head: ChainHead, now: number, node: string, build: string): AuditRecord {
  const bare: Omit<AuditRecord, 'hash'> = {
    ...facts,
    v: 1,
    chain: CHAIN,
    seq: head.seq + 1,
    prev_hash: head.hash,
    ts: new Date(now).toISOString(),
    node,
    build,
  };
  return { ...bare, hash: recordHash(bare) };
}

/** With its hash, so that a record can demand that the very one it builds on is there. */
const idOf = ({ seq, hash }: ChainHead): string => `${seqKey(seq)}-${hash}`;

/** The head's version alone would not do: a head that was only predicted may have the version of somebody else's. */
function afterHead(head: Head): Write[] {
  return head.version === 0 ? [] : [check(auditKind, idOf(head), 1)];
}

function moveHead(head: Head, { seq, hash }: AuditRecord): Write {
  return head.version === 0
    ? put(headKind, CHAIN, { seq, hash })
    : update(headKind, { id: CHAIN, version: head.version, value: head }, { seq, hash });
}

/** Somebody else moved the chain: not a conflict of the caller's own rows. */
function isAboutTheChain(committed: Committed): boolean {
  if (committed.committed || committed.because === 'late') return false;
  return committed.kind === headKind.name || committed.kind === auditKind.name;
}

function unavailable(cause: unknown): OpsError {
  const error = asOpsError(cause);
  return new OpsError('audit_unavailable', `The audit record could not be written: ${error.message}`, {
    hint: `Nothing is changed in AWS without its record. ${error.hint}`,
    retryable: true,
    cause,
  });
}
