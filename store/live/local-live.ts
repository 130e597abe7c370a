import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import { channelOf, createReceiver, encode, type Live } from './live.ts';

type Receiver = ReturnType<typeof createReceiver>;

/** Members of one process that hear each other; a process on its own is its only member, and publishes to nobody. */
export function createLocalHub(log: Log): { join(): Live } {
  const members = new Map<string, Receiver>();
  return {
    join() {
      const self = newId('live');
      const receiver = createReceiver(self, log);
      members.set(self, receiver);
      return {
        publish(topic, message) {
          const text = encode(self, message);
          for (const member of members.values()) void member.receive(channelOf(topic), text);
        },
        subscribe: receiver.add,
        // Nothing is ever lost on the way.
        onGap() {},
        state: () => 'alone',
        close: async () => void members.delete(self),
      };
    },
  };
}
