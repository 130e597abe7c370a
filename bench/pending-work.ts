import { type Approval, approvalKind, type State } from '../approvals/approval.ts';
import { systemClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import { openStore } from '../store/open.ts';
import { put, type Store, update } from '../store/store.ts';
import { another, changeId, requester } from './pending-store.ts';

/** What is done to a store in which many changes wait. */
export const WORKS = [
  'create, alone',
  'create, 64 at a time',
  'get',
  'decide, alone',
  'decide, 64 at a time',
  '50 newest',
  '50 that end first',
  '50 of one person',
] as const;
export type Work = (typeof WORKS)[number];

export interface Runner {
  /** µs for one, of so many that it takes a while. */
  time(work: Work): Promise<number>;
  close(): Promise<void>;
}

const ALONE = 200;
const TOGETHER = 64;
const BURSTS = 15;
const LISTED = 50;

/** Prime, so that ids are drawn from all over the store and none twice in a burst. */
const STRIDE = 7_919;

export async function openRunner(uri: string, model: Approval, size: number): Promise<Runner> {
  const store = await openStore(uri, { clock: systemClock, log: silentLog });
  let made = size;
  let drawn = 0;
  const draw = (): string => {
    drawn += 1;
    return changeId((drawn * STRIDE) % size);
  };

  const create = async () => {
    made += 1;
    const value = another(model, made, size, Date.now());
    await committed(store.transact([put(approvalKind, value.id, value)]));
  };
  const become = async (state: State, id: string) => {
    const row = await store.get(approvalKind, id);
    if (!row) throw new Error(`${id} is missing`);
    await committed(store.transact([update(approvalKind, row, { ...row.value, state })]));
  };
  /** As many wait afterwards as before; putting them back is not timed. */
  const decide = async (measure: (call: () => Promise<void>) => Promise<number>) => {
    const decided: string[] = [];
    const us = await measure(async () => {
      const id = draw();
      decided.push(id);
      await become('rejected', id);
    });
    for (const id of decided) await become('pending', id);
    return us;
  };
  const list = async (index: string, partition: string, newestFirst: boolean) => {
    const { rows } = await store.query(approvalKind, { index, partition, newestFirst, limit: LISTED });
    if (rows.length !== LISTED) throw new Error(`${index} ${partition} has ${rows.length} only`);
  };
  const ofOne = () => list('by_requester', requester(++drawn, size), false);

  const works: Record<Work, () => Promise<number>> = {
    'create, alone': () => oneByOne(create),
    'create, 64 at a time': () => inBursts(create),
    get: () => oneByOne(async () => void (await store.get(approvalKind, draw()))),
    'decide, alone': () => decide((call) => oneByOne(call)),
    'decide, 64 at a time': () => decide(inBursts),
    '50 newest': () => oneByOne(() => list('by_list', 'pending', true)),
    '50 that end first': () => oneByOne(() => list('by_state', 'pending', false)),
    '50 of one person': () => oneByOne(ofOne),
  };
  return { time: (work) => works[work](), close: store.close };
}

async function committed(call: ReturnType<Store['transact']>): Promise<void> {
  const { committed: isSo } = await call;
  if (!isSo) throw new Error('a commit of the bench was refused');
}

async function oneByOne(call: () => Promise<void>, times = ALONE): Promise<number> {
  const began = performance.now();
  for (let n = 0; n < times; n += 1) await call();
  return ((performance.now() - began) * 1000) / times;
}

async function inBursts(call: () => Promise<void>): Promise<number> {
  const burst = async () => void (await Promise.all(Array.from({ length: TOGETHER }, call)));
  return (await oneByOne(burst, BURSTS)) / TOGETHER;
}
