import { asOpsError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { readChains } from './audit-chains.ts';
import type { AuditRecord } from './audit-record.ts';
import { type ChainEnd, countUpTo, endIn, readHeads } from './audit-walk.ts';
import {
  type Checkpoint,
  checkpointId,
  checkpointKind,
  checkpointLine,
  checkpointsOf,
  headsOf,
  lastCheckpoint,
} from './checkpoint.ts';
import { isDue, type Maker, makeCheckpoint } from './checkpoint-make.ts';
import { type Delivered, deliverInTurn, readDelivered, withinTime } from './delivery.ts';

/** Where checkpoints are out of reach of whoever holds the store. */
export interface CheckpointPlace {
  /** The same in every process: 's3://bucket/prefix'. */
  readonly name: string;
  /** Durable when it resolves. Writing the same again is no error; another one under a number that is taken is. */
  write(number: number, line: string, signal: AbortSignal): Promise<void>;
  /** Every line, in no certain order. */
  read(): AsyncIterable<string>;
}

export interface CheckpointState {
  /** Records that no checkpoint in the second place covers. */
  lagRecords: number;
  /** Age of the newest checkpoint there, while records wait for the next; 0 when none does. */
  lagSeconds: number;
  /** Why the last try failed. */
  problem?: string;
}

export interface Checkpointer {
  /** Told of each record after its commit; begins a checkpoint when one is due. */
  recorded(record: Pick<AuditRecord, 'chain' | 'seq'>): void;
  /** Makes the checkpoint that is due and delivers what has not arrived. Never rejects: the state says what went wrong. */
  tick(): Promise<CheckpointState>;
  /** Covers every record there is now and waits, at most `ms`, for it to arrive. Says why it could not. */
  seal(ms: number): Promise<string | undefined>;
  state(): CheckpointState;
}

interface Parts extends Maker {
  place: CheckpointPlace;
  log: Log;
  observe?: (state: CheckpointState) => void;
  /** How long one checkpoint may take to arrive. */
  writeMs?: number;
}

const WRITE_MS = 10_000;
const LOOK_AGAIN_MS = 100;

export function createCheckpointer(parts: Parts): Checkpointer {
  const { store, clock, place, log, node, writeMs = WRITE_MS } = parts;
  const startedAt = clock.now();
  let state: CheckpointState = { lagRecords: 0, lagSeconds: 0 };
  let last: Checkpoint | undefined;
  let running: Promise<CheckpointState> | undefined;
  /** How far each chain has come by the records of this process; what others record is found at the next look. */
  const known = new Map<string, number>();
  const heads = async (): Promise<ChainEnd[]> => readHeads(store, (await readChains(store)).names);

  async function deliver({ up_to, late_to }: Delivered): Promise<Delivered> {
    let arrived = up_to;
    try {
      for await (const checkpoint of checkpointsOf(store, up_to)) {
        await withinTime(writeMs, (signal) => place.write(checkpoint.number, checkpointLine(checkpoint), signal));
        arrived = checkpoint.number;
      }
    } catch (error) {
      if (arrived === up_to) throw error;
    }
    return { up_to: arrived, late_to };
  }

  async function lag(): Promise<CheckpointState> {
    const [ends, { up_to }] = await Promise.all([heads(), readDelivered(store, place.name)]);
    const arrived = up_to > 0 ? (await store.get(checkpointKind, checkpointId(up_to)))?.value : undefined;
    const lagRecords = Math.max(0, countUpTo(ends) - countUpTo(headsOf(arrived)));
    const since = arrived ? Date.parse(arrived.at) : startedAt;
    return { lagRecords, lagSeconds: lagRecords === 0 ? 0 : Math.max(0, (clock.now() - since) / 1000) };
  }

  async function work(when: 'due' | 'now'): Promise<CheckpointState> {
    const problems: string[] = [];
    const attempt = async (run: () => Promise<unknown>) => {
      await run().catch((error) => problems.push(asOpsError(error).message));
    };
    await attempt(() => makeCheckpoint(parts, when));
    await attempt(async () => {
      last = await lastCheckpoint(store);
      const { up_to } = await readDelivered(store, place.name);
      if (last && last.number > up_to) await deliverInTurn({ store, clock, holder: node }, place.name, deliver);
    });
    await attempt(async () => {
      state = await lag();
    });
    const [problem] = problems;
    if (problem !== undefined && state.problem !== problem)
      log.warn({ place: place.name, error: problem }, 'an audit checkpoint was not made or did not arrive');
    state = {
      lagRecords: state.lagRecords,
      lagSeconds: state.lagSeconds,
      ...(problem === undefined ? {} : { problem }),
    };
    parts.observe?.(state);
    return state;
  }

  const one = (when: 'due' | 'now'): Promise<CheckpointState> => {
    running ??= work(when).finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    recorded({ chain, seq }) {
      known.set(chain, seq);
      // After a failure the next look decides: each try walks all that waits.
      if (running || state.problem !== undefined) return;
      const covered = headsOf(last);
      const beyond = [...known].map(([name, reached]) => Math.max(0, reached - endIn(covered, name).seq));
      const waiting = beyond.reduce((sum, count) => sum + count, 0);
      if (isDue(waiting, last, clock.now())) void one('due');
    },
    tick: () => one('due'),
    async seal(ms) {
      const until = clock.now() + ms;
      const wanted = await heads();
      for (;;) {
        await withinTime(Math.max(1, until - clock.now()), () => one('now')).catch(() => undefined);
        const { up_to } = await readDelivered(store, place.name);
        const arrived = (await store.get(checkpointKind, checkpointId(up_to)))?.value;
        const covered = headsOf(arrived);
        if (arrived && wanted.every(({ chain, seq }) => endIn(covered, chain).seq >= seq)) return undefined;
        if (clock.now() >= until) return state.problem ?? 'the checkpoint did not arrive in time';
        await clock.sleep(LOOK_AGAIN_MS);
      }
    },
    state: () => state,
  };
}
