import { say } from '../approvals/outbox.ts';
import type { MessageView } from '../cards/view.ts';
import type { Clock } from '../lib/clock.ts';
import { type Store, update } from '../store/store.ts';
import { seenKind } from './seen.ts';

const BATCH = 50;

/**
 * Tells people whose message was heard by a process that ended before it had an answer. It is not done again by itself: what
 * was decided or started by then is on record, and only the asker knows whether the rest is still wanted.
 */
export async function tellInterrupted({ store, clock }: { store: Store; clock: Clock }): Promise<void> {
  const now = clock.now();
  const to = new Date(now).toISOString();
  const page = await store.query(seenKind, { index: 'open', partition: 'all', to, limit: BATCH });
  for (const row of page.rows) {
    const { at, open } = row.value;
    if (!open) continue;
    const place = { channel: open.channel, id: open.conversation };
    // One commit: whoever of two processes comes second finds it told.
    await store.transact([
      update(seenKind, row, { at }),
      say(`interrupted:${row.id}`, place, interruptedView(open.said), now),
    ]);
  }
}

function interruptedView(said: string): MessageView {
  return {
    kind: 'message',
    title: 'I was interrupted',
    status: 'warning',
    body: [
      `OpsAgent stopped while it worked on “${said}”.`,
      'What was proposed or decided by then is on record: type approvals. If the rest is still wanted, say it again.',
    ].join('\n'),
  };
}
