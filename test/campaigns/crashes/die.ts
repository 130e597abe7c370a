import { approvalKind } from '../../../approvals/approval.ts';
import type { CheckpointPlace } from '../../../approvals/checkpointer.ts';
import type { Crash } from '../../../approvals/crash.ts';
import type { GateParts } from '../../../approvals/gate-parts.ts';
import type { Channel } from '../../../bot/channel.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Store } from '../../../store/store.ts';
import type { Point } from './points.ts';

/** Where this process dies; nothing happens at the other points. */
export interface Death {
  /** Recovery is over: from now on every point but P11 counts. */
  arm(): void;
  crash: Crash;
  clockOfStore(clock: Clock): Clock;
  store(store: Store): Store;
  channel(channel: Channel): Channel;
  place(place: CheckpointPlace): CheckpointPlace;
  audit(audit: GateParts['audit']): GateParts['audit'];
}

/** SIGKILL to itself: no handler, no flush. */
export const die = (): void => void process.kill(process.pid, 'SIGKILL');

export function deathAt(wanted: Point | undefined): Death {
  let armed = false;
  let looksInVote = Number.POSITIVE_INFINITY;
  let votes = 0;
  const at = (point: Point) => {
    if (point === wanted && (armed || point === 'P11')) die();
  };
  return {
    arm() {
      armed = true;
    },
    crash(point) {
      // The gate calls it P5 after each vote: the first of two leaves the change pending.
      if (point === 'P5') votes += 1;
      at(point === 'P5' && votes === 1 ? 'P4' : point);
    },
    clockOfStore: (clock) => ({
      ...clock,
      now() {
        // A vote's transaction asks for the time before it writes, and once more when it has written and not committed.
        looksInVote -= 1;
        if (looksInVote === 0) at('P3');
        return clock.now();
      },
    }),
    store: (store) => ({
      ...store,
      async transact(writes, options) {
        const isChange = writes.some(({ kind, op }) => kind.name === approvalKind.name && op === 'update');
        if (armed && isChange && options?.before !== undefined) looksInVote = 2;
        const committed = await store.transact(writes, options);
        if (writes.some(({ kind, op }) => kind.name === approvalKind.name && op === 'put')) at('P1');
        return committed;
      },
    }),
    channel: (channel) => ({
      ...channel,
      async post(to, view) {
        const message = await channel.post(to, view);
        at('P2');
        return message;
      },
    }),
    place: (place) => ({
      ...place,
      async write(number, line, signal) {
        await place.write(number, line, signal);
        at('P10');
      },
    }),
    audit: (audit) => ({
      ...audit,
      async commit(writes, facts, options) {
        const committed = await audit.commit(writes, facts, options);
        if (facts.type === 'change_lost') at('P11');
        return committed;
      },
    }),
  };
}
