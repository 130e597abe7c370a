import { expect } from 'chai';
import { silentLog } from '../../lib/log.ts';
import { openStore } from '../../store/open.ts';
import { put } from '../../store/store.ts';
import { noteRow, refused } from './ends.ts';
import { movableClock } from './movable-clock.ts';
import { note, notes } from './notes.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('openStore', () => {
  const inFolder = temporaryFolder();
  const deps = { clock: movableClock().clock, log: silentLog };

  it('opens the SQLite file that STORE names', async () => {
    const store = await openStore(`sqlite:${inFolder('ops.db')}`, deps);
    await store.transact([put(notes, 'n', note())]);

    const found = await noteRow(store, 'n');

    expect(found.version).to.equal(1);
    await store.close();
  });

  it('refuses a store it does not know, and says how to name one', async () => {
    const refusals = await Promise.all(
      ['', 'sqlite:', 'redis://cache', './ops.db', 'dynamodb:'].map((uri) => refused(openStore(uri, deps))),
    );

    expect(refusals.map(({ code }) => code)).to.deep.equal(Array(5).fill('config_invalid'));
    expect(refusals[0]?.hint).to.include('sqlite:./data/opsagent.db').and.include('dynamodb:<table>');
  });
});
