import { z } from 'zod';
import { redactView } from '../cards/redact-view.ts';
import type { View } from '../cards/view.ts';
import { type Kind, put, type Write } from '../store/store.ts';

const Iso = z.string();
const Address = z.strictObject({ channel: z.string(), id: z.string() });
export type Address = z.output<typeof Address>;

/** Views are written by this process's own code; only that they are objects with a kind is checked on the way back. */
const StoredView = z.looseObject({ kind: z.string(), title: z.string() });

/** Something to say, stored with the change that caused it; delivered by whichever process hosts the channel. */
export const Post = z.strictObject({
  to: Address,
  view: StoredView,
  /** A card of this change: the delivered message is kept and edited on every state. */
  card_of: z.string().optional(),
  /** Said under the card of this change, where the channel has threads and the card hangs there. */
  under: z.string().optional(),
  created_at: Iso,
  due_at: Iso,
  attempts: z.number().int(),
});
export type Post = z.output<typeof Post>;

const KEEP_MS = 24 * 3_600_000;

export const postKind: Kind<Post> = {
  name: 'post',
  schema: Post,
  indexes: { due: ({ to, due_at }) => ({ partition: to.channel, sort: due_at }) },
  expiresAt: ({ created_at }) => Date.parse(created_at) + KEEP_MS,
};

/** Where a card of a change hangs, and which version of the change it shows. */
export const Copy = z.strictObject({
  change_id: z.string(),
  channel: z.string(),
  conversation: z.string(),
  message: z.string(),
  /** Version of the approval row that the message shows. */
  shows: z.number().int(),
});
export type Copy = z.output<typeof Copy>;

export const copyKind: Kind<Copy> = {
  name: 'copy',
  schema: Copy,
  indexes: {
    by_change: ({ change_id, channel, message }) => ({ partition: change_id, sort: `${channel} ${message}` }),
  },
};

/** What a post has to do with a change: it is its card, or it is said under its card. */
export type About = { card_of: string } | { under: string };

/** The write that puts a post in the outbox. The id makes it idempotent: one message for each change and state. */
export function say(id: string, to: Address, view: View, now: number, about?: About): Write {
  const at = new Date(now).toISOString();
  const stored = StoredView.parse(redactView(view));
  return put(postKind, id, { to, view: stored, ...about, created_at: at, due_at: at, attempts: 0 });
}

/** The channels on which these writes have something said. */
export function channelsOf(writes: readonly Write[]): string[] {
  const channels = writes.flatMap((write) =>
    write.op === 'put' && write.kind === postKind ? [(write.value as Post).to.channel] : [],
  );
  return [...new Set(channels)];
}

export const samePlace = (one: Address, other: Address): boolean =>
  one.channel === other.channel && one.id === other.id;
