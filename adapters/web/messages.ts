import { z } from 'zod';
import type { View } from '../../cards/view.ts';
import type { Clock } from '../../lib/clock.ts';
import { OpsError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import { redact } from '../../lib/redact.ts';
import { type Kind, put, type Store, type Stored, update } from '../../store/store.ts';
import type { KnownPerson } from './console-data.ts';

const keptMs = 7 * 24 * 60 * 60 * 1000;
const readable = 200;

const WebMessage = z.strictObject({
  conversation: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** Orders messages of one millisecond. */
  seq: z.number().int(),
  from: z.enum(['person', 'opsagent']),
  person: z.strictObject({ id: z.string(), name: z.string() }).optional(),
  text: z.string().optional(),
  view: z.custom<View>((value) => typeof value === 'object' && value !== null && 'kind' in value).optional(),
  /** A whisper: nobody else reads it. */
  onlyFor: z.string().optional(),
  /** 1 when posted; one more with each update. */
  revision: z.number().int(),
});

export type WebMessage = z.output<typeof WebMessage>;

export const webMessageKind: Kind<WebMessage> = {
  name: 'web_message',
  schema: WebMessage,
  indexes: {
    conversation: ({ conversation, at, seq }) => ({
      partition: conversation,
      sort: `${at}#${String(seq).padStart(9, '0')}`,
    }),
  },
  expiresAt: ({ at }) => Date.parse(at) + keptMs,
};

export interface Messages {
  /** What a person said, once for each `id`; undefined when it was stored before. */
  said(id: string, conversation: string, person: KnownPerson, text: string): Promise<Stored<WebMessage> | undefined>;
  posted(conversation: string, view: View, onlyFor?: string): Promise<Stored<WebMessage>>;
  /** @throws OpsError `delivery_failed` when the message is gone, or (retryable) when others kept changing it */
  changed(id: string, view: View): Promise<Stored<WebMessage>>;
  find(id: string): Promise<Stored<WebMessage> | undefined>;
  /** The newest `limit` (at most 200), whoever may read them, oldest first. */
  newest(conversation: string, limit: number): Promise<Stored<WebMessage>[]>;
  /** The newest `limit` (at most 200) that `personId` may read, oldest first. */
  latest(conversation: string, personId: string, limit: number): Promise<Stored<WebMessage>[]>;
}

export function createMessages(store: Store, clock: Clock): Messages {
  let seq = 0;
  const stamp = () => ({ at: new Date(clock.now()).toISOString(), seq: seq++, revision: 1 });

  async function add(id: string, value: WebMessage): Promise<Stored<WebMessage> | undefined> {
    const { committed } = await store.transact([put(webMessageKind, id, value)]);
    return committed ? { id, version: 1, value } : undefined;
  }

  async function newest(conversation: string, limit: number): Promise<Stored<WebMessage>[]> {
    const list = { index: 'conversation', partition: conversation, newestFirst: true, limit };
    return (await store.query(webMessageKind, list)).rows.reverse();
  }

  return {
    said(id, conversation, { id: personId, name }, text) {
      const person = { id: personId, name };
      return add(id, { ...stamp(), conversation, from: 'person', person, text: redact(text) });
    },

    async posted(conversation, view, onlyFor) {
      const value: WebMessage = { ...stamp(), conversation, from: 'opsagent', view: withoutToken(view) };
      const row = await add(newId('msg'), onlyFor === undefined ? value : { ...value, onlyFor });
      if (row) return row;
      throw lost('The message could not be stored.', true);
    },

    async changed(id, view) {
      for (let attempt = 0; attempt < 5; attempt++) {
        const row = await store.get(webMessageKind, id);
        if (!row) throw lost('The message to change is no longer kept.', false);
        const value = { ...row.value, view: withoutToken(view), revision: row.value.revision + 1 };
        const { committed } = await store.transact([update(webMessageKind, row, value)]);
        if (committed) return { id, version: row.version + 1, value };
      }
      throw lost('The message kept changing while it was updated.', true);
    },

    find: (id) => store.get(webMessageKind, id),
    newest,

    async latest(conversation, personId, limit) {
      const rows = await newest(conversation, readable);
      const visible = rows.filter(({ value }) => value.onlyFor === undefined || value.onlyFor === personId);
      return visible.slice(-limit);
    },
  };
}

/** A view as it may be kept: only the hash of an approval token is ever stored (G5). */
export function withoutToken(view: View): View {
  if (view.kind !== 'approval') return view;
  const { token: _token, ...kept } = view;
  return kept;
}

function lost(message: string, retryable: boolean): OpsError {
  const hint = retryable
    ? 'The delivery is tried again.'
    : 'Messages are kept for 7 days; the record of the change stays.';
  return new OpsError('delivery_failed', message, { hint, retryable });
}
