import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { type Committed, type Kind, put, type Store, type Write } from '../../store/store.ts';
import { refused } from './ends.ts';
import { movableClock } from './movable-clock.ts';
import { type Counter, counters, note, notes } from './notes.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { walCommits } from './wal-commits.ts';

describe('the commit group of the SQLite store', () => {
  const inFolder = temporaryFolder();
  let store: Store;

  beforeEach(async () => {
    store = await createSqliteStore({ path: inFolder('ops.db'), clock: movableClock().clock, log: silentLog });
  });

  afterEach(async () => {
    await store.close();
  });

  const countUp = (count: number, name: string) => () =>
    Promise.all(Array.from({ length: count }, (_, n) => store.transact([put(counters, `${name}${n}`, { count: n })])));
  const commitsOf = async (work: () => Promise<unknown>) => {
    const before = await walCommits(inFolder('ops.db'));
    await work();
    return (await walCommits(inFolder('ops.db'))) - before;
  };

  it('writes 64 calls of one turn in one commit, and a lone call in its own', async () => {
    const commits = [await commitsOf(countUp(64, 'many')), await commitsOf(countUp(1, 'lone'))];

    expect(commits).to.deep.equal([1, 1]);
  });

  it('lets a call that may wait share the commit of the next one, and writes it alone after a moment', async () => {
    const patient = (id: string) => store.transact([put(counters, id, { count: 1 })], { mayWait: true });

    const commits = [
      await commitsOf(() => Promise.all([patient('p1'), pause(2).then(countUp(3, 'hurried'))])),
      await commitsOf(() => patient('p2')),
      await commitsOf(async () => {
        await Promise.all([patient('p3'), countUp(1, 'now')()]);
        await pause(20);
        await countUp(1, 'later')();
      }),
    ];

    expect(commits).to.deep.equal([1, 1, 2]);
  });

  it('writes what may wait before it closes', async () => {
    const waiting = store.transact([put(counters, 'p', { count: 1 })], { mayWait: true });

    await store.close();

    expect(await waiting).to.deep.equal({ committed: true });
  });

  it('holds 256 calls at most', async () => {
    const commits = await commitsOf(countUp(600, 'c'));

    expect(commits).to.equal(3);
  });

  it('lets a refused, a late and a broken call hurt nobody else of the group', async () => {
    const broken: Kind<Counter> = { ...counters, indexes: { bad: () => ({ partition: 'p', sort: 's' }) } };
    const calls = [
      store.transact([put(counters, 'a', { count: 1 })]),
      store.transact([put(counters, 'b', { count: 1 }), put(counters, 'a', { count: 2 })]),
      store.transact([put(counters, 'c', { count: 1 })], { before: 0 }),
      store.transact([{ op: 'put', kind: counters, id: 'd', value: 'no counter' }]),
      store.transact([put(broken, 'e', { count: 1 })]),
    ];

    const ends = await Promise.allSettled(calls);

    expect(ends.map((end) => (end.status === 'fulfilled' ? end.value.committed : end.reason.code))).to.deep.equal([
      true,
      false,
      false,
      'internal',
      true,
    ]);
    const there = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => store.get(counters, id)));
    expect(there.map((row) => row?.value.count)).to.deep.equal([1, undefined, undefined, undefined, 1]);
  });

  it('undoes only its own call when a write fails half way', async () => {
    /** No integer that SQLite can hold: refused in the middle of the transaction. */
    const unwritable: Kind<Counter> = { ...counters, expiresAt: () => 2 ** 79 };
    const calls = [
      store.transact([put(notes, 'before', note())]),
      store.transact([put(notes, 'half', note()), put(unwritable, 'c', { count: 1 })]),
      store.transact([put(notes, 'after', note())]),
    ];

    const ends = await Promise.allSettled(calls);

    expect(ends.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
    expect(await store.get(notes, 'half')).to.equal(undefined);
    expect((await store.get(notes, 'after'))?.version).to.equal(1);
  });

  it('shows nothing of a call before it is acknowledged', async () => {
    const writing = store.transact([put(notes, 'n', note())]);

    const early = await store.get(notes, 'n');
    await writing;

    expect(early).to.equal(undefined);
    expect((await store.get(notes, 'n'))?.version).to.equal(1);
  });

  it('does to random transactions what a simple map does, however they are grouped', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            writes: fc.uniqueArray(anyWrite, { selector: ({ id }) => id, maxLength: 4 }),
            late: fc.boolean(),
            wait: fc.boolean(),
            mayWait: fc.boolean(),
          }),
          { maxLength: 30 },
        ),
        async (steps) => {
          round += 1;
          const kind: Kind<Counter> = { ...counters, name: `counter ${round}` };
          const model: Model = new Map();

          const calls: Promise<Committed>[] = [];
          for (const { writes, late, wait, mayWait } of steps) {
            const before = late ? 0 : undefined;
            calls.push(
              store.transact(
                writes.map((write) => toWrite(kind, write)),
                { before, mayWait },
              ),
            );
            if (wait) await calls.at(-1);
          }
          const ends = await Promise.all(calls);
          const rows = await Promise.all(ids.map((id) => store.get(kind, id)));

          const expected = steps.map(({ writes, late }) => !late && applyToModel(model, writes));
          expect(ends.map(({ committed }) => committed)).to.deep.equal(expected);
          expect(rows.map((row) => row && [row.version, row.value.count])).to.deep.equal(
            ids.map((id) => model.get(id)),
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('refuses every call when it is closed in the middle of them, or finishes them', async () => {
    const calls = Array.from({ length: 300 }, (_, n) => store.transact([put(counters, `c${n}`, { count: n })]));
    await store.close();

    const ends = await Promise.all(calls);
    const late = await refused(store.transact([put(counters, 'late', { count: 1 })]));

    expect(ends.every(({ committed }) => committed)).to.equal(true);
    expect(late.code).to.equal('store_unavailable');
  });
});

const ids = ['a', 'b', 'c'];
const anyWrite = fc.record({
  op: fc.constantFrom('put', 'update', 'check', 'delete', 'absent'),
  id: fc.constantFrom(...ids),
  version: fc.integer({ min: 1, max: 3 }),
  count: fc.nat(9),
});
type AnyWrite = typeof anyWrite extends fc.Arbitrary<infer W> ? W : never;

function toWrite(kind: Kind<Counter>, { op, id, version, count }: AnyWrite): Write {
  if (op === 'put') return { op, kind, id, value: { count } };
  if (op === 'update') return { op, kind, id, version, value: { count } };
  if (op === 'delete') return { op, kind, id, version };
  return { op: 'check', kind, id, version: op === 'absent' ? 'absent' : version };
}

/** version and count by id. */
type Model = Map<string, [version: number, count: number]>;

function applyToModel(model: Model, writes: readonly AnyWrite[]): boolean {
  const expects = ({ op, version }: AnyWrite) => (op === 'put' || op === 'absent' ? undefined : version);
  if (!writes.every((write) => model.get(write.id)?.[0] === expects(write))) return false;
  for (const { op, id, version, count } of writes) {
    if (op === 'put') model.set(id, [1, count]);
    if (op === 'update') model.set(id, [version + 1, count]);
    if (op === 'delete') model.delete(id);
  }
  return true;
}
