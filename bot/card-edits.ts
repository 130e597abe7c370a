import type { Approval } from '../approvals/approval.ts';
import { type Copy, copyKind } from '../approvals/outbox.ts';
import { asOpsError } from '../lib/errors.ts';
import { remove, type Stored, update } from '../store/store.ts';
import type { ShowingParts } from './showing-parts.ts';

const BATCH = 50;

/** Edits every copy of a change's card that shows an older version; false while one could not be edited. */
export function createCardEdits({ store, log, desk, channels }: Omit<ShowingParts, 'clock'>) {
  const edit = async (approval: Stored<Approval>, copy: Stored<Copy>): Promise<boolean> => {
    const { channel: name, conversation, message, shows } = copy.value;
    const channel = channels.get(name);
    if (!channel || shows >= approval.version) return true;
    try {
      await channel.update({ channel: name, conversation, message }, desk.card(approval.value));
      const shown = { ...copy.value, shows: approval.version };
      if ((await store.transact([update(copyKind, copy, shown)])).committed) return true;
      // Somebody else edited it meanwhile, and nobody knows whose edit came last: it is drawn once more.
      await redraw(copy.id);
      return false;
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

  const redraw = async (id: string): Promise<void> => {
    const now = await store.get(copyKind, id);
    if (now) await store.transact([update(copyKind, now, { ...now.value, shows: 0 })]);
  };

  return async (approval: Stored<Approval>): Promise<boolean> => {
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
}
