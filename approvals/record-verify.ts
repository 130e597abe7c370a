import type { Store } from '../store/store.ts';
import { readChains } from './audit-chains.ts';
import { type ReportWithCopy, verifyWithCopy } from './audit-verify.ts';
import type { FirstBad } from './audit-walk.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { PublicKeys } from './checkpoint-keys.ts';
import { judgeCheckpoints, readCheckpoints } from './checkpoint-verify.ts';
import type { CheckpointPlace } from './checkpointer.ts';

/** What stands outside the store, to hold it against. */
export interface Evidence {
  /** The copy beside the store. */
  copyPath: string | undefined;
  /** Signed checkpoints in their second place, and the keys that may have signed them. */
  checkpoints?: { place: CheckpointPlace; keys: () => Promise<PublicKeys> };
}

export interface RecordReport extends ReportWithCopy {
  checkpoints:
    | { kind: 'none' }
    /** How many are sound, the newest of them, and lines of the second place that are none. */
    | { kind: 'checked'; sound: number; newest: Checkpoint | undefined; brokenLines: number };
}

/** The chains against everything that is known of them elsewhere; of two faults the one in the first chain, at the lower record, is told. */
export async function verifyRecord(store: Store, { copyPath, checkpoints }: Evidence): Promise<RecordReport> {
  if (!checkpoints) return { ...(await verifyWithCopy(store, copyPath)), checkpoints: { kind: 'none' } };
  const { place, keys } = checkpoints;
  const said = await readCheckpoints(store, place);
  const { names } = await readChains(store);
  const judged = judgeCheckpoints(said, await keys(), names);
  const { firstBad: inChain, ...report } = await verifyWithCopy(store, copyPath, judged.sound);
  const placeOf = ({ chain }: FirstBad) => names.indexOf(chain);
  const [firstBad] = [inChain, judged.firstBad]
    .filter((one) => one !== undefined)
    .toSorted((a, b) => placeOf(a) - placeOf(b) || a.seq - b.seq);
  return {
    ...report,
    ok: firstBad === undefined,
    ...(firstBad ? { firstBad } : {}),
    checkpoints: {
      kind: 'checked',
      sound: judged.sound.length,
      newest: judged.sound.at(-1),
      brokenLines: said.brokenLines,
    },
  };
}
