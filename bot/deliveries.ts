import { type Post, postKind, samePlace, say as toOutbox } from '../approvals/outbox.ts';
import type { View } from '../cards/view.ts';
import { asOpsError, type OpsError } from '../lib/errors.ts';
import { readablePage } from '../store/readable-page.ts';
import { remove, type Stored, update, type Write } from '../store/store.ts';
import type { CardCopies } from './card-copies.ts';
import type { Channel } from './channel.ts';
import type { ShowingParts } from './showing-parts.ts';

type Parts = Omit<ShowingParts, 'channels'> & {
  copies: CardCopies;
  /** From then on nothing more is posted; what is left stays due. */
  ending: AbortSignal;
};

/** A post is taken for this long; a process that dies in between leaves it to the next. */
const LEASE_MS = 30_000;
/** A channel that stays away is tried less and less often. */
const LONGEST_WAIT_MS = 15 * 60_000;
/** A fault of ours does not mend itself. */
const MOST_TRIES_WITH_A_FAULT = 5;
/** A card that does not arrive is news for its asker at this try, a minute and a half after the first. */
const TRIES_UNTOLD = 3;
const BATCH = 50;

/** Posts of one conversation that are taken at once: all of them are said, or given up, within a lease. */
const TAKEN_AT_ONCE = 5;

/** Posts what is due on one channel; each post is taken by one process at a time and goes when it is delivered. */
export function createDeliveries({ store, clock, log, desk, copies, ending }: Parts) {
  const take = async (row: Stored<Post>): Promise<Stored<Post> | undefined> => {
    const wait = Math.min(LEASE_MS * 2 ** row.value.attempts, LONGEST_WAIT_MS);
    const dueAt = new Date(clock.now() + wait).toISOString();
    const value = { ...row.value, attempts: row.value.attempts + 1, due_at: dueAt };
    const { committed } = await store.transact([update(postKind, row, value)]);
    return committed ? { id: row.id, version: row.version + 1, value } : undefined;
  };

  /** Resolves with what is to be recorded now that it was said. */
  const say = async (channel: Channel, { value }: Stored<Post>, done: Write): Promise<() => Promise<unknown>> => {
    const change = value.card_of ? await desk.approval(value.card_of) : undefined;
    // A card shows the change as it is now, not as it was when the post was written.
    const view = change ? desk.card(change.value) : (value.view as unknown as View);
    const message = await channel.post(await placeFor(channel, value), view);
    return change ? () => copies.keep(message, change, [done]) : () => store.transact([done], { mayWait: true });
  };

  /** Under its card, where the card hangs there and the channel has threads. */
  const placeFor = async (channel: Channel, { to, under }: Post): Promise<Post['to']> => {
    const card = under === undefined ? undefined : await copies.find(under, to);
    return (card && channel.thread?.(card)) ?? to;
  };

  const failed = async ({ id, value }: Stored<Post>, done: Write, thrown: unknown): Promise<void> => {
    const error = asOpsError(thrown);
    const { attempts } = value;
    // Not where to: the id of a place may be an address that whoever knows it can post to.
    const facts = { post: id, channel: value.to.channel, attempts, error: error.message };
    const again = error.code === 'internal' ? attempts < MOST_TRIES_WITH_A_FAULT : error.retryable;
    if (!again || attempts === TRIES_UNTOLD) await tellAsker(value, error);
    if (again) return log.warn(facts, 'a message could not be delivered yet');
    log.error(facts, 'a message cannot be delivered and is given up');
    await store.transact([done]);
  };

  /** Whoever asked for a change must not wait for people who never saw its card. Told once: the id is the same the second time. */
  const tellAsker = async ({ card_of: id, to }: Post, { message, hint }: OpsError): Promise<void> => {
    const change = id === undefined ? undefined : (await desk.approval(id))?.value;
    const there = change?.asked_in;
    if (change?.state !== 'pending' || there === undefined || samePlace(to, there)) return;
    const view: View = {
      kind: 'message',
      status: 'warning',
      title: `Could not ask in ${to.channel}`,
      body: [
        `The card of “${change.plan.action}” did not arrive in ${to.channel}:${to.id}.`,
        [message, hint].filter(Boolean).map(asSentence).join(' '),
        `Until then somebody who may approve can say: show ${id}`,
      ].join('\n'),
    };
    await store.transact([toOutbox(`${id}:unasked:${to.channel}:${to.id}`, there, view, clock.now())]);
  };

  /** In order. While one is said, those before are recorded; only what hangs under a card waits for the card's own record. */
  const deliver = async (
    channel: Channel,
    rows: readonly Stored<Post>[],
    recorded: Promise<unknown>[],
  ): Promise<void> => {
    const taken = (await Promise.all(rows.map(take))).filter((row) => row !== undefined);
    for (const row of taken) {
      if (ending.aborted) return;
      const done = remove(postKind, row);
      if (row.value.under !== undefined) await Promise.all(recorded);
      await say(channel, row, done).then(
        (record) => recorded.push(record().catch((thrown: unknown) => failed(row, done, thrown))),
        (thrown: unknown) => failed(row, done, thrown),
      );
    }
  };

  const deliverAll = async (channel: Channel, posts: readonly Stored<Post>[]): Promise<void> => {
    const recorded: Promise<unknown>[] = [];
    for (const chunk of chunks(posts)) {
      if (ending.aborted) break;
      await deliver(channel, chunk, recorded);
    }
    await Promise.all(recorded);
  };

  return async (channel: Channel): Promise<void> => {
    let rows: Stored<Post>[];
    do {
      const to = new Date(clock.now()).toISOString();
      rows = (await readablePage({ store, log }, postKind, { index: 'due', partition: channel.name, to, limit: BATCH }))
        .rows;
      // In one conversation things are said in order; conversations do not wait for each other.
      const places = Map.groupBy(rows, ({ value }) => value.to.id);
      await Promise.all([...places.values()].map((posts) => deliverAll(channel, posts)));
    } while (rows.length === BATCH && !ending.aborted);
  };
}

const asSentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);

function chunks<T>(items: readonly T[]): T[][] {
  return [...Map.groupBy(items.entries(), ([index]) => Math.floor(index / TAKEN_AT_ONCE)).values()].map((chunk) =>
    chunk.map(([, item]) => item),
  );
}
