import { z } from 'zod';
import { createKeep } from '../../lib/keep.ts';
import type { Live, Topic } from '../../store/live/live.ts';
import type { Stored } from '../../store/store.ts';
import type { Messages, WebMessage } from './messages.ts';
import type { Streams } from './sse.ts';

/** A message was stored or changed; what it says is read from the store. */
export const storedMessage: Topic<{ conversation: string; message: string }> = {
  name: 'web-message',
  version: 1,
  schema: z.strictObject({ conversation: z.string().max(300), message: z.string().max(100) }),
};

/** Messages of which this process knows what its browsers show. */
const MOST_KNOWN = 10_000;
/** Of each open conversation, what is looked at again after hints were lost. */
const LOOKED_AT = 50;

interface Parts {
  live: Live;
  messages: Messages;
  streams: Streams;
  /** To the browsers that may read it. */
  show(row: Stored<WebMessage>): Promise<void>;
}

/** Browsers of every process see what any of them stores: at once by a hint, and by looking while hints are lost. */
export function shareMessages({ live, messages, streams, show }: Parts) {
  /** Message → the revision that was shown here. */
  const shown = createKeep<number>(MOST_KNOWN);

  const showNewer = async (row: Stored<WebMessage>): Promise<void> => {
    if ((shown.get(row.id) ?? 0) >= row.value.revision) return;
    shown.set(row.id, row.value.revision);
    await show(row);
  };
  live.subscribe(storedMessage, async ({ conversation, message }) => {
    if (!streams.conversations().has(conversation)) return;
    const row = await messages.find(message);
    if (row?.value.conversation === conversation) await showNewer(row);
  });
  live.onGap(async () => {
    for (const conversation of streams.conversations())
      for (const row of await messages.newest(conversation, LOOKED_AT)) await showNewer(row);
  });

  return {
    /** This process shows it itself. */
    stored({ id, value: { conversation, revision } }: Stored<WebMessage>): void {
      shown.set(id, revision);
      live.publish(storedMessage, { conversation, message: id });
    },
  };
}
