import { setImmediate as others } from 'node:timers/promises';
import { type Approval, approvalKind } from '../approvals/approval.ts';
import { type Address, copyKind } from '../approvals/outbox.ts';
import { sha256Hex } from '../lib/ids.ts';
import { createKeep } from '../lib/keep.ts';
import { put, type Stored, type Write } from '../store/store.ts';
import { createCardEdits } from './card-edits.ts';
import type { MessageRef } from './channel.ts';
import type { ShowingParts } from './showing-parts.ts';

const BATCH = 50;
/** The most that a list gives at once. */
const PAGE = 200;
/** At start the cards of this long are looked at again; later only what moved since the last look. */
const LOOK_BACK_MS = 24 * 3_600_000;
/** Clocks of processes differ; looking a little further back costs one comparison a change. */
const OVERLAP_MS = 10_000;
/** Whatever hangs anywhere shows this one or a later one: while it is the newest, all cards are true. */
const FIRST = 1;
/** Changes of which this process knows what its cards show. */
const MOST_KNOWN = 50_000;

/** Every copy of a card is edited until it shows the state that the store holds (G11), whichever process moved the change. */
export function createCardCopies({ store, clock, log, desk, channels }: ShowingParts) {
  let since = clock.now() - LOOK_BACK_MS;
  /** Moved in this process, or posted while it may have moved: looked at now. */
  const moved = new Set<string>();
  /** Could not be edited: looked at again with the next look around. */
  const owed = new Set<string>();
  /** Change → the version all its cards show. */
  const shown = createKeep<number>(MOST_KNOWN);

  const editAll = createCardEdits({ store, log, desk, channels });

  const show = async (id: string): Promise<void> => {
    const approval = await desk.approval(id);
    if (approval && !(await editAll(approval))) return void owed.add(id);
    owed.delete(id);
    if (approval) shown.set(id, approval.version);
  };

  const showsTheFirst = async (id: string, version: number): Promise<boolean> =>
    version === FIRST && !moved.has(id) && (await desk.approval(id))?.version === FIRST;

  /** What another process moved since the last look. */
  const lookAround = async (): Promise<void> => {
    const next = clock.now() - OVERLAP_MS;
    let after: string | undefined;
    do {
      const from = new Date(since).toISOString();
      const page = await store.places(approvalKind, {
        index: 'by_update',
        partition: 'all',
        from,
        limit: PAGE,
        after,
      });
      for (const { id, version } of page.rows) if (version > FIRST && shown.get(id) !== version) moved.add(id);
      after = page.next;
      if (after) await others();
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
    /**
     * Remembers a card that was posted, and which version of the change it shows; `done` is written with that, or after it where
     * somebody else wrote it in between.
     */
    async keep(
      { channel, conversation, message }: MessageRef,
      { id, version }: Pick<Stored<Approval>, 'id' | 'version'>,
      done: readonly Write[] = [],
    ): Promise<void> {
      const copy = { change_id: id, channel, conversation, message, shows: version };
      const kept = put(copyKind, sha256Hex(`${channel}\u0000${conversation}\u0000${message}`), copy);
      const { committed } = await store.transact([kept, ...done], { mayWait: true });
      if (!committed && done.length > 0) for (const write of [kept, ...done]) await store.transact([write]);
      if (await showsTheFirst(id, version)) return shown.set(id, version);
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
        await others();
      }
    },
    /** Something moved since the last look. */
    isBehind: (): boolean => moved.size > 0,
  };
}

export type CardCopies = ReturnType<typeof createCardCopies>;
