import type { Store } from '../../../store/store.ts';
import { approvalsReadAs } from '../approvals-read-as.ts';

/** Rows of these kinds only tell of something: that a replay came is recorded. The simulated estate is counted by its calls. */
const TELLS: ReadonlySet<string> = new Set(['audit', 'audit_head', 'sim_change', 'sim_resource']);

/** Every committed write that does something: a change moves, something is said, a lock or a counter is taken. */
export function countEffects(store: Store): { store: Store; effects: string[] } {
  const effects: string[] = [];
  const counted: Store = {
    ...store,
    async transact(writes, options) {
      const result = await store.transact(writes, options);
      if (!result.committed) return result;
      for (const { kind, id, op } of writes)
        if (op !== 'check' && !TELLS.has(kind.name)) effects.push(`${op} ${kind.name} ${id}`);
      return result;
    },
  };
  return { store: counted, effects };
}

/** The sabotage: whatever was decided reads as if nobody had. */
export const withoutStateCheck = approvalsReadAs((approval) => ({
  ...approval,
  ...{ state: 'pending', votes: [], exec_deadline: undefined },
}));
