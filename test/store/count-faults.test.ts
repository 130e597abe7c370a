import { expect } from 'chai';
import { OpsError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import { countFaults } from '../../store/count-faults.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { put, type Store } from '../../store/store.ts';
import { refused } from './ends.ts';
import { movableClock } from './movable-clock.ts';
import { counters, note, notes } from './notes.ts';

describe('a store whose faults are counted', () => {
  let counted: string[];
  let inner: Store;
  let store: Store;

  beforeEach(async () => {
    counted = [];
    inner = await createSqliteStore({ path: ':memory:', clock: movableClock().clock, log: silentLog });
    store = countFaults(inner, (code) => counted.push(code));
  });

  it('does what the store does, and counts neither conflicts nor faults of a caller [A6]', async () => {
    await store.transact([put(notes, 'n', note())]);
    const again = await store.transact([put(notes, 'n', note())]);
    const wrong = await refused(store.transact([put(notes, '', note())]));

    const found = await store.get(notes, 'n');
    const listed = await store.query(notes, { index: 'by_time', partition: 'all', limit: 5 });
    const places = await store.places(notes, { index: 'by_time', partition: 'all', limit: 5 });
    await store.close();

    expect(found?.value).to.deep.equal(note());
    expect([listed.rows.length, places.rows.length]).to.deep.equal([1, 1]);
    expect(again.committed).to.equal(false);
    expect(wrong.code).to.equal('internal');
    expect(counted).to.deep.equal([]);
  });

  it('counts each call that the store could not serve, and passes its error on [A6]', async () => {
    await inner.close();

    const errors = await Promise.all(
      [
        store.get(counters, 'c'),
        store.query(notes, { index: 'by_time', partition: 'all', limit: 5 }),
        store.places(notes, { index: 'by_time', partition: 'all', limit: 5 }),
        store.transact([put(counters, 'c', { count: 1 })]),
      ].map(refused),
    );

    expect(errors.every((error) => error instanceof OpsError)).to.equal(true);
    expect(counted).to.deep.equal(Array(4).fill('store_unavailable'));
  });
});
