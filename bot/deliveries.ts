import { type Post, postKind } from '../approvals/outbox.ts';
import type { View } from '../cards/view.ts';
import { asOpsError } from '../lib/errors.ts';
import { remove, type Stored, update } from '../store/store.ts';
import type { CardCopies, ShowingParts } from './card-copies.ts';
import type { Channel } from './channel.ts';

type Parts = Omit<ShowingParts, 'channels'> & { copies: CardCopies };

/** A post is taken for this long; a process that dies in between leaves it to the next. */
const LEASE_MS = 30_000;
/** A channel that stays away is tried less and less often. */
const LONGEST_WAIT_MS = 15 * 60_000;
/** A fault of ours does not mend itself. */
const MOST_TRIES_WITH_A_FAULT = 5;
const BATCH = 50;

/** Posts what is due on one channel; each post is taken by one process at a time and goes when it is delivered. */
export function createDeliveries({ store, clock, log, desk, copies }: Parts) {
  const post = async (channel: Channel, { value }: Stored<Post>): Promise<void> => {
    const change = value.card_of ? await desk.approval(value.card_of) : undefined;
    // A card shows the change as it is now, not as it was when the post was written.
    const view = change ? desk.card(change.value) : (value.view as unknown as View);
    const message = await channel.post(await placeFor(channel, value), view);
    if (change) await copies.keep(message, change);
  };

  /** Under its card, where the card hangs there and the channel has threads. */
  const placeFor = async (channel: Channel, { to, under }: Post): Promise<Post['to']> => {
    const card = under === undefined ? undefined : await copies.find(under, to);
    return (card && channel.thread?.(card)) ?? to;
  };

  const deliver = async (channel: Channel, row: Stored<Post>): Promise<void> => {
    const attempts = row.value.attempts + 1;
    const wait = Math.min(LEASE_MS * 2 ** row.value.attempts, LONGEST_WAIT_MS);
    const leased = { ...row.value, attempts, due_at: new Date(clock.now() + wait).toISOString() };
    const taken = await store.transact([update(postKind, row, leased)]);
    if (!taken.committed) return;
    const done = () => store.transact([remove(postKind, { ...row, version: row.version + 1 })]);
    try {
      await post(channel, row);
      await done();
    } catch (thrown) {
      const error = asOpsError(thrown);
      const facts = { post: row.id, attempts: attempts, error: error.message };
      const again = error.code === 'internal' ? attempts < MOST_TRIES_WITH_A_FAULT : error.retryable;
      if (again) return log.warn(facts, 'a message could not be delivered yet');
      log.error(facts, 'a message cannot be delivered and is given up');
      await done();
    }
  };

  return async (channel: Channel): Promise<void> => {
    let rows: Stored<Post>[];
    do {
      const to = new Date(clock.now()).toISOString();
      rows = (await store.query(postKind, { index: 'due', partition: channel.name, to, limit: BATCH })).rows;
      // In one conversation things are said in order; conversations do not wait for each other.
      const places = Map.groupBy(rows, ({ value }) => value.to.id);
      await Promise.all([...places.values()].map((posts) => inOrder(posts, (row) => deliver(channel, row))));
    } while (rows.length === BATCH);
  };
}

async function inOrder<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await work(item);
}
