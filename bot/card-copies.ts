import { type Approval, approvalKind } from '../approvals/approval.ts';
import type { Desk } from '../approvals/desk.ts';
import { type Address, type Copy, copyKind } from '../approvals/outbox.ts';
import type { Clock } from '../lib/clock.ts';
import { asOpsError } from '../lib/errors.ts';
import { sha256Hex } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import { put, remove, type Store, type Stored, update } from '../store/store.ts';
import type { Channel, MessageRef } from './channel.ts';

/** What showing the store's truth takes. */
export interface ShowingParts {
  store: Store;
  clock: Clock;
  log: Log;
  desk: Desk;
  channels: ReadonlyMap<string, Channel>;
}

const BATCH = 50;
/** At start the cards of this long are looked at again; later only what moved since the last look. */
const LOOK_BACK_MS = 24 * 3_600_000;
/** Clocks of processes differ; looking a little further back costs one comparison a change. */
const OVERLAP_MS = 10_000;
/** Changes of which this process knows what its cards show. */
const MOST_KNOWN = 10_000;

/** Every copy of a card is edited until it shows the state that the store holds (G11), whichever process moved the change. */
export function createCardCopies({ store, clock, log, desk, channels }: ShowingParts) {
  let since = clock.now() - LOOK_BACK_MS;
  /** Moved in this process, or posted while it may have moved: looked at now. */
  const moved = new Set<string>();
  /** Could not be edited: looked at again with the next look around. */
  const owed = new Set<string>();
  /** Change → the version all its cards show. */
  const shown = new Map<string, number>();

  const edit = async (approval: Stored<Approval>, copy: Stored<Copy>): Promise<boolean> => {
    const { channel: name, conversation, message, shows } = copy.value;
    const channel = channels.get(name);
    if (!channel || shows >= approval.version) return true;
    try {
      await channel.update({ channel: name, conversation, message }, desk.card(approval.value));
      await store.transact([update(copyKind, copy, { ...copy.value, shows: approval.version })]);
      return true;
    } catch (thrown) {
      const error = asOpsError(thrown);
      const facts = { changeId: approval.id, error: error.message };
      if (error.retryable || error.code === 'internal') {
        log.warn(facts, 'a card could not be edited yet');
        return false;
      }
      log.warn(facts, 'a card cannot be edited any more and is forgotten');
      await store.transact([remove(copyKind, copy)]);
      return true;
    }
  };

  const editAll = async (approval: Stored<Approval>): Promise<boolean> => {
    let allShown = true;
    let after: string | undefined;
    do {
      const page = await store.query(copyKind, { index: 'by_change', partition: approval.id, limit: BATCH, after });
      const shown = await Promise.all(page.rows.map((copy) => edit(approval, copy)));
      allShown &&= shown.every(Boolean);
      after = page.next;
    } while (after);
    return allShown;
  };

  const show = async (id: string): Promise<void> => {
    const approval = await desk.approval(id);
    if (approval && !(await editAll(approval))) return void owed.add(id);
    owed.delete(id);
    if (shown.size >= MOST_KNOWN) shown.clear();
    if (approval) shown.set(id, approval.version);
  };

  /** What another process moved since the last look. */
  const lookAround = async (): Promise<void> => {
    const next = clock.now() - OVERLAP_MS;
    let after: string | undefined;
    do {
      const from = new Date(since).toISOString();
      const page = await store.query(approvalKind, { index: 'by_update', partition: 'all', from, limit: BATCH, after });
      for (const { id, version } of page.rows) if (shown.get(id) !== version) moved.add(id);
      after = page.next;
    } while (after);
    since = next;
    for (const id of owed) moved.add(id);
  };

  return {
    /** The card of a change in a conversation, if one hangs there. */
    async find(changeId: string, { channel, id }: Address): Promise<MessageRef | undefined> {
      const page = await store.query(copyKind, { index: 'by_change', partition: changeId, limit: BATCH });
      return page.rows.find(({ value }) => value.channel === channel && value.conversation === id)?.value;
    },
    /** Remembers a card that was posted, and which version of the change it shows. */
    async keep(
      { channel, conversation, message }: MessageRef,
      { id, version }: Pick<Stored<Approval>, 'id' | 'version'>,
    ): Promise<void> {
      const copy = { change_id: id, channel, conversation, message, shows: version };
      await store.transact([put(copyKind, sha256Hex(`${channel}\u0000${conversation}\u0000${message}`), copy)]);
      shown.delete(id);
      moved.add(id);
    },
    /** A change moved in this process. */
    moved: (id: string): void => void moved.add(id),
    /** Shows what moved; `around` looks for what other processes moved first. */
    async refresh({ around }: { around: boolean }): Promise<void> {
      if (around) await lookAround();
      for (const id of moved) {
        moved.delete(id);
        await show(id);
      }
    },
  };
}

export type CardCopies = ReturnType<typeof createCardCopies>;
