import { z } from 'zod';
import { Post } from '../approvals/outbox.ts';
import { redactView } from '../cards/redact-view.ts';
import type { View } from '../cards/view.ts';
import type { Clock } from '../lib/clock.ts';
import { OpsError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { MODES } from '../lib/modes.ts';
import { redact } from '../lib/redact.ts';
import { type Kind, put, type Store } from '../store/store.ts';

/** The id of one read of an investigation, as it stands on cards and in messages. */
export const READ_ID = /^read-[0-9a-f]{12}$/;

const KEEP_MS = 30 * 86_400_000;
const MOST_READS = 200;

const Row = z.strictObject({
  id: z.string().regex(READ_ID),
  investigation: z.string().regex(/^inv-[0-9a-f]{12}$/),
  tool: z.string(),
  /** The command line that reads the same again. */
  command: z.string(),
  /** Both are empty for a read that failed before it got anywhere. */
  account: z.string(),
  region: z.string(),
  mode: z.enum(MODES),
  /** ISO 8601, UTC: when it was read. */
  at: z.string(),
  took_ms: z.number().nonnegative(),
  /** Who asked, by e-mail. */
  person: z.string(),
  outcome: z.enum(['done', 'failed']),
  view: Post.shape.view,
  /** Where the investigation was asked for. */
  conversation: z.strictObject({ channel: z.string(), id: z.string() }),
});
type Row = z.output<typeof Row>;

/** What one read of an investigation gave, as it was shown. */
export type Evidence = Omit<Row, 'view'> & { view: View };
export type NewEvidence = Omit<Evidence, 'id' | 'at'>;

const expiryOf = ({ at }: Row): number => Date.parse(at) + KEEP_MS;

const evidenceKind: Kind<Row> = {
  name: 'evidence',
  schema: Row,
  indexes: { by_investigation: ({ investigation, at }) => ({ partition: investigation, sort: at }) },
  expiresAt: expiryOf,
};

/** The reads of investigations, for 30 days. Secrets are taken out before anything is stored (A5). */
export function createEvidence(store: Store, clock: Clock) {
  const isKept = (row: Row) => clock.now() < expiryOf(row);
  return {
    /** @throws OpsError as the store does: what cannot be opened later is no evidence */
    async keep(read: NewEvidence): Promise<Evidence> {
      const row = { ...read, id: newId('read'), at: new Date(clock.now()).toISOString(), ...withoutSecrets(read) };
      const { committed } = await store.transact([put(evidenceKind, row.id, row)]);
      if (committed) return shownAgain(row);
      throw new OpsError('store_unavailable', `the read ${row.id} could not be kept`, {
        hint: 'Ask again; nothing was changed.',
        retryable: true,
      });
    },
    /** Undefined when there is none, or none any more. */
    async read(id: string): Promise<Evidence | undefined> {
      const row = (await store.get(evidenceKind, id))?.value;
      return row && isKept(row) ? shownAgain(row) : undefined;
    },
    /** The reads of one investigation, oldest first, at most 200. */
    async of(investigation: string): Promise<Evidence[]> {
      const query = { index: 'by_investigation', partition: investigation, limit: MOST_READS };
      const { rows } = await store.query(evidenceKind, query);
      return rows
        .map(({ value }) => value)
        .filter(isKept)
        .map(shownAgain);
    },
  };
}

function withoutSecrets({ command, view }: Pick<Evidence, 'command' | 'view'>): Pick<Row, 'command' | 'view'> {
  // Others open it later, so not even the requester's approval token stays.
  const shown = redactView({ ...view, token: undefined });
  return { command: redact(command), view: Row.shape.view.parse(shown) };
}

/** Only this process's own code writes views. */
const shownAgain = (row: Row): Evidence => ({ ...row, view: row.view as unknown as View });
