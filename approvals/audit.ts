import type { Clock } from '../lib/clock.ts';
import { asOpsError, OpsError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Log } from '../lib/log.ts';
import { redactJson } from '../lib/redact.ts';
import type { Committed, Store, Write } from '../store/store.ts';
import { type Chains, chainFor, isAboutChains, readChains } from './audit-chains.ts';
import { type AuditFacts, type AuditRecord, auditKind, headKind, recordHash } from './audit-record.ts';
import { type ChainWriter, createChainWriter } from './audit-writer.ts';

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
  /** The second copy, a line a record; called after the commit, in the order of each chain. */
  copy?: (record: AuditRecord) => void;
}

const MAX_TRIES = 100;

/** Puts each record into the chain of its request; how many chains there are is what the store says. */
export function createAudit({ store, clock, log, node, build, copy }: Dependencies): Audit {
  const writers = new Map<string, ChainWriter>();
  let known: Promise<Chains> | undefined;

  const chained = (facts: AuditFacts, place: Pick<AuditRecord, 'chain' | 'seq' | 'prev_hash'>): AuditRecord => {
    const bare = { ...facts, v: 1 as const, ...place, ts: new Date(clock.now()).toISOString(), node, build };
    return { ...bare, hash: recordHash(bare) };
  };

  const writerOf = (chain: string): ChainWriter => {
    const writer = writers.get(chain) ?? createChainWriter({ store, chained, committed: copy }, chain);
    writers.set(chain, writer);
    return writer;
  };

  const attempt = async (
    writes: readonly Write[],
    facts: AuditFacts,
    before: number | undefined,
  ): Promise<Committed> => {
    known ??= readChains(store);
    try {
      const { names, unchanged } = await known;
      const write = writerOf(chainFor(facts.correlation_id, names));
      return await write({ writes, facts, before, unchanged });
    } catch (cause) {
      known = undefined;
      throw unavailable(cause);
    }
  };

  const commit: Audit['commit'] = async (writes, asWritten, { before } = {}) => {
    const facts = withoutSecrets(asWritten);
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const committed = await attempt(writes, facts, before);
      if (committed.committed || !isAboutTheChain(committed)) return committed;
      if (isAboutChains(committed.kind)) known = undefined;
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

type Conflict = Extract<Committed, { because: 'conflict' }>;

/** Somebody else moved the chain: not a conflict of the caller's own rows. */
function isAboutTheChain(committed: Committed): committed is Conflict {
  if (committed.committed || committed.because === 'late') return false;
  return committed.kind === headKind.name || committed.kind === auditKind.name || isAboutChains(committed.kind);
}

function unavailable(cause: unknown): OpsError {
  const error = asOpsError(cause);
  return new OpsError('audit_unavailable', `The audit record could not be written: ${error.message}`, {
    hint: `Nothing is changed in AWS without its record. ${error.hint}`,
    retryable: true,
    cause,
  });
}
