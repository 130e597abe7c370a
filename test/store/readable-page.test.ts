import Database from 'better-sqlite3';
import { expect } from 'chai';
import type { Log } from '../../lib/log.ts';
import { silentLog } from '../../lib/log.ts';
import { readablePage } from '../../store/readable-page.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import type { Store } from '../../store/store.ts';
import { put } from '../../store/store.ts';
import { refused, writeEach } from './ends.ts';
import { movableClock } from './movable-clock.ts';
import { note, notes } from './notes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const alice = { index: 'by_author', partition: 'alice', limit: 3 };

describe('a page of rows that can be read', () => {
  const inFolder = temporaryFolder();
  let store: Store;
  let errors: unknown[];
  let log: Log;

  beforeEach(async () => {
    errors = [];
    log = { ...silentLog, error: (facts) => errors.push(facts) };
    store = await createSqliteStore({ path: inFolder('ops.db'), clock: movableClock().clock, log: silentLog });
    await writeEach(
      store,
      ['1', '2', '3', '4'].map((at) => put(notes, `n${at}`, note({ at }))),
    );
  });
  afterEach(() => store.close());

  function damage(id: string): void {
    const db = new Database(inFolder('ops.db'));
    db.prepare('UPDATE records SET body = ? WHERE id = ?').run('{"author":7}', id);
    db.close();
  }

  it('is the page itself while all can be read', async () => {
    const page = await readablePage({ store, log }, notes, alice);

    expect(page).to.deep.equal(await store.query(notes, alice));
    expect(errors).to.deep.equal([]);
  });

  it('leaves out a damaged row, says which in the log, and goes on behind it [A3]', async () => {
    damage('n2');

    const first = await readablePage({ store, log }, notes, alice);
    const second = await readablePage({ store, log }, notes, { ...alice, after: first.next });

    expect(first.rows.map(({ id }) => id)).to.deep.equal(['n1', 'n3']);
    expect(second.rows.map(({ id }) => id)).to.deep.equal(['n4']);
    expect(errors).to.have.length(1);
    expect(errors[0]).to.include({ id: 'n2', kind: 'note' });
  });

  it('is refused when the store itself cannot be read [A3]', async () => {
    await store.close();

    const error = await refused(readablePage({ store, log }, notes, alice));

    expect(error.code).to.equal('store_unavailable');
  });
});
