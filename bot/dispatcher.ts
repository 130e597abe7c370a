import { type Approval, approvalKind } from '../approvals/approval.ts';
import type { Desk } from '../approvals/desk.ts';
import { copyKind, type Post, postKind } from '../approvals/outbox.ts';
import type { View } from '../cards/view.ts';
import type { Clock } from '../lib/clock.ts';
import { asOpsError } from '../lib/errors.ts';
import { sha256Hex } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import { put, remove, type Store, type Stored, update } from '../store/store.ts';
import type { Channel, MessageRef } from './channel.ts';

interface Parts {
  store: Store;
  clock: Clock;
  log: Log;
  desk: Desk;
  channels: ReadonlyMap<string, Channel>;
}

/** A post is taken for this long; a process that dies in between leaves it to the next. */
const LEASE_MS = 30_000;
const EVERY_MS = 500;
const BATCH = 50;
/** At start the cards of this long are looked at again; later only what moved since the last look. */
const LOOK_BACK_MS = 24 * 3_600_000;
/** Clocks of processes differ; looking a little further back costs one comparison a card. */
const OVERLAP_MS = 10_000;

/** Delivers what is due and edits every copy of a card to the state the store holds (G11). Truth is in the store; this only shows it. */
export function createDispatcher({ store, clock, log, desk, channels }: Parts) {
  let since = clock.now() - LOOK_BACK_MS;
  let running: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  const pass = async () => {
    for (const channel of channels.values()) await deliverDue(channel);
    await editCopies();
  };

  const deliverDue = async (channel: Channel) => {
    const to = new Date(clock.now()).toISOString();
    const page = await store.query(postKind, { index: 'due', partition: channel.name, to, limit: BATCH });
    for (const row of page.rows) await deliver(channel, row);
  };

  const deliver = async (channel: Channel, row: Stored<Post>) => {
    const leased = {
      ...row.value,
      attempts: row.value.attempts + 1,
      due_at: new Date(clock.now() + LEASE_MS).toISOString(),
    };
    const taken = await store.transact([update(postKind, row, leased)]);
    if (!taken.committed) return;
    try {
      const card = row.value.card_of && (await desk.approval(row.value.card_of));
      const view = card ? desk.card(card.value) : (row.value.view as unknown as View);
      const message = await channel.post(row.value.to, view);
      if (card) await keepCopy(message, card);
      await store.transact([remove(postKind, { ...row, version: row.version + 1 })]);
    } catch (error) {
      log.warn(
        { post: row.id, attempts: leased.attempts, error: asOpsError(error).message },
        'a message could not be delivered yet',
      );
    }
  };

  const keepCopy = async ({ channel, conversation, message }: MessageRef, { id, version }: Stored<Approval>) => {
    const copy = { change_id: id, channel, conversation, message, shows: version };
    await store.transact([put(copyKind, sha256Hex(`${channel}\u0000${conversation}\u0000${message}`), copy)]);
  };

  const editCopies = async () => {
    let next = clock.now() - OVERLAP_MS;
    let after: string | undefined;
    do {
      const page = await store.query(approvalKind, {
        index: 'by_update',
        partition: 'all',
        from: new Date(since).toISOString(),
        limit: BATCH,
        after,
      });
      for (const approval of page.rows) {
        // What could not be shown is looked at again in the next pass.
        if (!(await editCopiesOf(approval))) next = Math.min(next, Date.parse(approval.value.updated_at));
      }
      after = page.next;
    } while (after);
    since = next;
  };

  const editCopiesOf = async (approval: Stored<Approval>): Promise<boolean> => {
    let allShown = true;
    const copies = await store.query(copyKind, { index: 'by_change', partition: approval.id, limit: BATCH });
    for (const copy of copies.rows) {
      const channel = channels.get(copy.value.channel);
      if (!channel || copy.value.shows >= approval.version) continue;
      try {
        const { channel: name, conversation, message } = copy.value;
        await channel.update({ channel: name, conversation, message }, desk.card(approval.value));
        await store.transact([update(copyKind, copy, { ...copy.value, shows: approval.version })]);
      } catch (error) {
        log.warn({ changeId: approval.id, error: asOpsError(error).message }, 'a card could not be edited yet');
        allShown = false;
      }
    }
    return allShown;
  };

  /** One pass at a time; a wish made during a pass is granted right after it. */
  const run = (): Promise<void> => {
    again = true;
    running ??= (async () => {
      while (again) {
        again = false;
        await pass().catch((error: unknown) =>
          log.warn({ error: asOpsError(error).message }, 'a delivery pass failed'),
        );
      }
      running = undefined;
    })();
    return running;
  };

  return {
    /** Remembers a card that was posted as an answer, so that it is edited with the others. */
    keepCopy,
    /** Something moved in this process: look now. */
    wake: () => void run(),
    /** Resolves when all that is due now was tried once. */
    flush: run,
    start() {
      timer = setInterval(() => void run(), EVERY_MS);
      void run();
    },
    async stop() {
      clearInterval(timer);
      await run();
    },
  };
}

export type Dispatcher = ReturnType<typeof createDispatcher>;
