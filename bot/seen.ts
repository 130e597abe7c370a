import { z } from 'zod';
import type { Audit } from '../approvals/audit.ts';
import type { AuditFacts } from '../approvals/audit-record.ts';
import { asOpsError } from '../lib/errors.ts';
import { sha256Hex } from '../lib/ids.ts';
import { createKeep } from '../lib/keep.ts';
import type { Log } from '../lib/log.ts';
import { type Kind, put, type Store, type Write } from '../store/store.ts';
import type { Turn } from './turn.ts';

const Seen = z.strictObject({ at: z.number() });
const DAY_MS = 86_400_000;

const seenKind: Kind<z.output<typeof Seen>> = {
  name: 'turn',
  schema: Seen,
  indexes: {},
  expiresAt: ({ at }) => at + DAY_MS,
};

interface Parts {
  store: Store;
  audit: Audit;
  log: Log;
}

/** `recorded`: the record of the request is written too. */
export type Hearing = { first: boolean; recorded: boolean };

const AGAIN: Hearing = { first: false, recorded: false };

/** Turns of which this process remembers that they were heard: platforms repeat what they just said. */
const MOST_REMEMBERED = 10_000;

/**
 * Whether a turn is heard for the first time, by any process; with `request`, its record is one commit with that. When nothing can
 * be recorded the turn is heard all the same, and when the store does not answer it goes on: reads are still worth answering,
 * and nothing can be changed without the store.
 */
export function createHearing(parts: Parts) {
  const heard = createKeep<Promise<Hearing>>(MOST_REMEMBERED);

  const hear = async (turn: Turn, request: AuditFacts | undefined): Promise<Hearing> => {
    const together = request && (await hearAndRecord(parts, turn, request));
    return together ?? { first: await firstHearing(parts.store, parts.log, turn.id, turn.at), recorded: false };
  };

  return async (turn: Turn, request?: AuditFacts): Promise<Hearing> => {
    const before = heard.get(turn.id);
    // Known without asking the store, whose chain of records a second commit of the same turn would hold up.
    if (before) return before.then(() => AGAIN);
    const hearing = hear(turn, request);
    heard.set(turn.id, hearing);
    return hearing;
  };
}

/** Undefined when it could not be recorded. */
async function hearAndRecord(
  { audit, log }: Parts,
  { id, at }: Turn,
  request: AuditFacts,
): Promise<Hearing | undefined> {
  try {
    const { committed } = await audit.commit([seen(id, at)], request);
    return committed ? { first: true, recorded: true } : AGAIN;
  } catch (error) {
    log.debug({ turnId: id, error: asOpsError(error).message }, 'a turn could not be noted together with its record');
    return undefined;
  }
}

const seen = (turnId: string, at: number): Write => put(seenKind, sha256Hex(turnId), { at });

/** The same without a record. */
export async function firstHearing(store: Store, log: Log, turnId: string, at: number): Promise<boolean> {
  try {
    return (await store.transact([seen(turnId, at)])).committed;
  } catch (error) {
    log.warn({ turnId, error: asOpsError(error).message }, 'a turn could not be noted as heard');
    return true;
  }
}
