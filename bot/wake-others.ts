import { z } from 'zod';
import type { Live, Topic } from '../store/live/live.ts';
import type { Dispatcher } from './dispatcher.ts';

/** A change moved, or something is to be said. */
const wakeUp: Topic<{ change?: string; shownOn: string[] }> = {
  name: 'wake-up',
  version: 1,
  schema: z.strictObject({
    change: z
      .string()
      .regex(/^chg-[0-9a-f]{12}$/)
      .optional(),
    /** The channels that the sender shows it on itself. */
    shownOn: z.array(z.string().max(20)).max(10),
  }),
};

/**
 * Wakes this process's dispatcher, and those of processes that host a channel this one does not: they look now, not half a
 * second later. A process that hosts the same channels is left asleep: both would edit the same cards at the same moment.
 */
export function wakeOthers(
  live: Live,
  { wake }: Pick<Dispatcher, 'wake'>,
  channels: Iterable<string>,
): Dispatcher['wake'] {
  const shownOn = [...channels];
  live.subscribe(wakeUp, ({ change, shownOn: theirs }) => {
    if (shownOn.some((name) => !theirs.includes(name))) wake(change);
  });
  return (change, saidOn) => {
    wake(change, saidOn);
    live.publish(wakeUp, { change, shownOn });
  };
}
