import { expect } from 'chai';
import type { Store, Write } from '../../store/store.ts';
import { check, put, update } from '../../store/store.ts';
import { noteRow, refused } from './ends.ts';
import { counters, note, notes } from './notes.ts';

/** All or nothing, in order, one winner. */
export function transactionContract(store: () => Store): void {
  it('writes all or nothing across kinds, whichever write is refused', async () => {
    await store().transact([put(notes, 'taken', note())]);

    const refused = await store().transact([
      put(counters, 'c', { count: 1 }),
      put(notes, 'taken', note()),
      put(notes, 'n2', note()),
    ]);

    expect(refused.committed).to.equal(false);
    expect(await store().get(counters, 'c')).to.equal(undefined);
    expect(await store().get(notes, 'n2')).to.equal(undefined);
  });

  it('binds a transaction to rows it only checks: at a version, or absent', async () => {
    await store().transact([put(notes, 'n1', note())]);
    const attempt = (guard: Write, id: string) => store().transact([guard, put(counters, id, { count: 1 })]);

    const ends = [
      await attempt(check(notes, 'n1', 1), 'a'),
      await attempt(check(notes, 'n1', 2), 'b'),
      await attempt(check(notes, 'n2', 'absent'), 'c'),
      await attempt(check(notes, 'n1', 'absent'), 'd'),
    ];

    expect(ends.map((end) => end.committed)).to.deep.equal([true, false, true, false]);
    expect((await noteRow(store(), 'n1')).version).to.equal(1);
    expect(await store().get(counters, 'd')).to.equal(undefined);
  });

  it('applies calls in the order they were made, so that a later one sees the rows of an earlier one', async () => {
    const calls = Array.from({ length: 40 }, (_, n) => {
      const write =
        n === 0
          ? put(counters, 'c', { count: 0 })
          : update(counters, { id: 'c', version: n, value: { count: 0 } }, { count: n });
      return store().transact([write]);
    });

    const ends = await Promise.all(calls);

    expect(ends.every((end) => end.committed)).to.equal(true);
    expect(await store().get(counters, 'c')).to.deep.equal({ id: 'c', version: 40, value: { count: 39 } });
  });

  it('lets exactly one of many concurrent calls win a row', async () => {
    const calls = Array.from({ length: 50 }, (_, n) => store().transact([put(counters, 'one', { count: n })]));

    const ends = await Promise.all(calls);

    expect(ends.map((end) => end.committed).filter(Boolean)).to.have.length(1);
    expect((await store().get(counters, 'one'))?.value.count).to.equal(0);
  });
}

/** What is refused or late, and when the store is closed. */
export function promiseContract(store: () => Store, setNow: (ms: number) => void): void {
  it('compares the deadline with its own clock: one ms before commits, at it is late', async () => {
    setNow(1_000);

    const ends = [
      await store().transact([put(notes, 'early', note())], { before: 1_001 }),
      await store().transact([put(notes, 'late', note())], { before: 1_000 }),
    ];

    expect(ends).to.deep.equal([{ committed: true }, { committed: false, because: 'late' }]);
    expect(await store().get(notes, 'late')).to.equal(undefined);
  });

  it('commits nothing at all, if it is not late', async () => {
    setNow(1_000);

    const ends = [await store().transact([]), await store().transact([], { before: 1_000 })];

    expect(ends).to.deep.equal([{ committed: true }, { committed: false, because: 'late' }]);
  });

  it('refuses a value its schema does not allow, an id it cannot keep, and a row named twice', async () => {
    const wrong: Write[][] = [
      [put(counters, 'c', { count: 1 }), { op: 'put', kind: counters, id: 'd', value: { count: 'many' } }],
      [put(counters, '', { count: 1 })],
      [put(counters, 'c\ud800', { count: 1 })],
      [put(counters, 'c', { count: 1 }), check(counters, 'c', 'absent')],
    ];

    const refusals = await Promise.all(wrong.map((writes) => refused(store().transact(writes))));

    expect(refusals.map(({ code }) => code)).to.deep.equal(['internal', 'internal', 'internal', 'internal']);
    expect(refusals[0]?.message).to.include('counter d').and.include('count');
    expect(await store().get(counters, 'c')).to.equal(undefined);
  });

  it('refuses every call after it was closed, and has kept what was called before', async () => {
    const last = store().transact([put(notes, 'n1', note())]);

    await store().close();

    expect(await last).to.deep.equal({ committed: true });
    expect((await refused(store().get(notes, 'n1'))).code).to.equal('store_unavailable');
    expect((await refused(store().transact([put(notes, 'n2', note())]))).code).to.equal('store_unavailable');
  });
}

/** Not of a counterpart that is older than the limit. */
export function limitContract(store: () => Store): void {
  it('takes 100 writes and refuses 101', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => put(counters, `c${n}`, { count: n }));

    const refusal = await refused(store().transact(many(101)));
    const taken = await store().transact(many(100));

    expect(refusal.code).to.equal('internal');
    expect(taken).to.deep.equal({ committed: true });
    expect((await store().get(counters, 'c99'))?.value.count).to.equal(99);
  });
}
