import { type Approval, approvalKind, type State } from '../../approvals/approval.ts';
import type { Store, Write } from '../../store/store.ts';

/** A store that is slow once: the commit that brings a change into `state` reaches it only at `ms`. */
export function slowCommit(clock: { setNow(ms: number): void }, state: State, ms: number): (store: Store) => Store {
  let waiting = true;
  const brings = ({ kind, op, ...write }: Write) =>
    kind === approvalKind && op === 'update' && 'value' in write && (write.value as Approval).state === state;
  return (store) => ({
    ...store,
    async transact(writes, options) {
      if (waiting && writes.some(brings)) {
        waiting = false;
        clock.setNow(ms);
      }
      return store.transact(writes, options);
    },
  });
}
