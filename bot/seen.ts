import { z } from 'zod';
import type { Audit } from '../approvals/audit.ts';
import type { AuditFacts } from '../approvals/audit-record.ts';
import { cleanText } from '../lib/clean-text.ts';
import { asOpsError } from '../lib/errors.ts';
import { sha256Hex } from '../lib/ids.ts';
import { createKeep } from '../lib/keep.ts';
import type { Log } from '../lib/log.ts';
import { type Kind, put, type Store, update, type Write } from '../store/store.ts';
import type { Turn } from './turn.ts';
import { saidIn } from './turn-words.ts';

/** A turn whose asker was told that it arrived and has no answer yet. */
const Open = z.strictObject({
  channel: z.string(),
  conversation: z.string(),
  said: z.string(),
  /** ISO 8601, UTC: nobody works on it any more. */
  until: z.string(),
});

const Seen = z.strictObject({ at: z.number(), open: Open.optional() });
const DAY_MS = 86_400_000;
/** Longer than any turn takes. */
const OPEN_FOR_MS = 180_000;
const LONGEST_SAID = 200;

export const seenKind: Kind<z.output<typeof Seen>> = {
  name: 'turn',
  schema: Seen,
  indexes: { open: ({ open }) => open && { partition: 'all', sort: open.until } },
  expiresAt: ({ at }) => at + DAY_MS,
};

interface Parts {
  store: Store;
  audit: Audit;
  log: Log;
}

/** A turn, and whether its asker is told that it arrived before it is answered. */
interface Arriving {
  turn: Turn;
  apart: boolean;
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

  const hear = async (arriving: Arriving, request: AuditFacts | undefined): Promise<Hearing> => {
    const together = request && (await hearAndRecord(parts, arriving, request));
    return together ?? { first: await firstHearing(parts.store, parts.log, arriving), recorded: false };
  };

  return {
    async hear(arriving: Arriving, request?: AuditFacts): Promise<Hearing> {
      const { id } = arriving.turn;
      const before = heard.get(id);
      // Known without asking the store, whose chain of records a second commit of the same turn would hold up.
      if (before) return before.then(() => AGAIN);
      const hearing = hear(arriving, request);
      heard.set(id, hearing);
      return hearing;
    },
    /** It has its answer: nobody needs to be told that it was interrupted. */
    async answered({ turn, apart }: Arriving): Promise<void> {
      if (!apart) return;
      try {
        const row = { id: sha256Hex(turn.id), version: 1, value: { at: turn.at } };
        await parts.store.transact([update(seenKind, row, { at: turn.at })], { mayWait: true });
      } catch (error) {
        parts.log.warn({ turnId: turn.id, error: asOpsError(error).message }, 'an answered turn could not be closed');
      }
    },
  };
}

/** Undefined when it could not be recorded. */
async function hearAndRecord(
  { audit, log }: Parts,
  arriving: Arriving,
  request: AuditFacts,
): Promise<Hearing | undefined> {
  const { id } = arriving.turn;
  try {
    const { committed } = await audit.commit([seen(arriving)], request);
    return committed ? { first: true, recorded: true } : AGAIN;
  } catch (error) {
    log.debug({ turnId: id, error: asOpsError(error).message }, 'a turn could not be noted together with its record');
    return undefined;
  }
}

function seen({ turn, apart }: Arriving): Write {
  const { id, at } = turn;
  return put(seenKind, sha256Hex(id), apart ? { at, open: openOf(turn) } : { at });
}

function openOf(turn: Turn): z.output<typeof Open> {
  const { at, conversation } = turn;
  return {
    channel: conversation.channel,
    conversation: conversation.id,
    said: cleanText(saidIn(turn), LONGEST_SAID),
    until: new Date(at + OPEN_FOR_MS).toISOString(),
  };
}

/** The same without a record. */
export async function firstHearing(store: Store, log: Log, arriving: Arriving): Promise<boolean> {
  try {
    return (await store.transact([seen(arriving)])).committed;
  } catch (error) {
    log.warn({ turnId: arriving.turn.id, error: asOpsError(error).message }, 'a turn could not be noted as heard');
    return true;
  }
}
