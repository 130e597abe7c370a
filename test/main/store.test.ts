import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { fixChains } from '../../approvals/audit-chains.ts';
import { verifyChain } from '../../approvals/audit-verify.ts';
import { loadConfig } from '../../lib/config.ts';
import { silentLog } from '../../lib/log.ts';
import { audit } from '../../main/audit.ts';
import { besideStore } from '../../main/compose.ts';
import { store } from '../../main/store.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { put } from '../../store/store.ts';
import { approveAll, CALLS, caller, createHouse, propose } from '../approvals/house.ts';
import { dynamodbTables } from '../store/dynamodb-table.ts';
import { refused } from '../store/ends.ts';
import { dynamodbError, faultyNetwork } from '../store/faulty-network.ts';
import { movableClock } from '../store/movable-clock.ts';
import { note, notes } from '../store/notes.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

describe('opsagent store', function () {
  this.timeout(60_000);
  const tables = dynamodbTables();
  const inFolder = temporaryFolder();
  const said: string[] = [];
  const run = (uri: string, verb: string, files: { out?: string; from?: string; chains?: string } = {}) => {
    said.length = 0;
    return store(verb, files, loadConfig({ STORE: uri }), (line) => said.push(line));
  };
  const sqlite = (name: string) => `sqlite:${inFolder(name)}`;

  /** A house in which one change was made and another waits. */
  async function lived(path: string): Promise<void> {
    const house = await createHouse({ path });
    const { id } = await propose(house, CALLS.medium);
    await approveAll(house, id, 'bob');
    await propose(house, CALLS.low);
    await house.store.close();
  }

  /** The rows of an export, in an order that does not depend on the engine. */
  const rowsIn = (file: string) => readFileSync(file, 'utf8').split('\n').slice(1, -2).sort();

  it('takes everything from SQLite to DynamoDB and back, and the record stays whole [A2]', async () => {
    await lived(inFolder('lived.db'));
    const table = `dynamodb:${await tables.make()}`;
    const verified = async (uri: string) =>
      audit('verify', { json: true } as never, loadConfig({ STORE: uri }), (line) => said.push(line));

    const ends = [
      await run(sqlite('lived.db'), 'export', { out: inFolder('one.jsonl') }),
      await run(table, 'import', { from: inFolder('one.jsonl') }),
      await verified(table),
      await run(table, 'export', { out: inFolder('two.jsonl') }),
      await run(sqlite('back.db'), 'import', { from: inFolder('two.jsonl') }),
      await verified(sqlite('back.db')),
      await run(sqlite('back.db'), 'check'),
      await run(sqlite('back.db'), 'export', { out: inFolder('three.jsonl') }),
    ];

    expect(ends).to.deep.equal(Array(8).fill(true));
    const inSeconds = (line: string) =>
      line.replace(/"expires_at":(\d+)/, (_, ms) => `"until":${Math.ceil(ms / 1000)}`);
    expect(rowsIn(inFolder('one.jsonl')).length).to.be.above(10);
    expect(rowsIn(inFolder('three.jsonl')).map(inSeconds)).to.deep.equal(rowsIn(inFolder('one.jsonl')).map(inSeconds));
    expect(statSync(inFolder('one.jsonl')).mode & 0o777).to.equal(0o600);
  });

  it('goes on where it was after a move: the change that waits can be approved [O5]', async () => {
    await lived(inFolder('lived.db'));
    const table = await tables.make();
    await run(sqlite('lived.db'), 'export', { out: inFolder('one.jsonl') });
    await run(`dynamodb:${table}`, 'import', { from: inFolder('one.jsonl') });

    const moved = movableClock(Date.parse('2026-11-20T12:00:00Z'));
    const house = await createHouse({ store: await tables.open(table, moved.clock), clock: moved });
    const [waiting] = (await house.desk.approvals({ state: 'pending', limit: 10 })).rows;
    const after = await approveAll(house, waiting?.id ?? '', 'bob');

    expect(after.state).to.equal('succeeded');
    await house.store.close();
  });

  it('imports nothing from a file that was cut off, changed, or is something else, and makes no table half full', async () => {
    await lived(inFolder('lived.db'));
    await run(sqlite('lived.db'), 'export', { out: inFolder('whole.jsonl') });
    const whole = readFileSync(inFolder('whole.jsonl'), 'utf8');
    const files = {
      'cut.jsonl': whole.split('\n').slice(0, -3).join('\n'),
      'changed.jsonl': whole.replace('"version":1', '"version":2'),
      'longer.jsonl': `${whole}${whole.split('\n')[1]}\n`,
      'letter.jsonl': 'this is a letter\n',
      'empty.jsonl': '',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(inFolder(name), text);

    const codes: string[] = [];
    for (const name of [...Object.keys(files), 'missing.jsonl'])
      codes.push((await refused(run(sqlite('new.db'), 'import', { from: inFolder(name) }))).code);

    expect(codes).to.deep.equal([...Array(5).fill('input_invalid'), 'store_unavailable']);
    expect(existsSync(inFolder('new.db'))).to.equal(false);
  });

  it('leaves a table that was not filled to the end for nobody to use [O5]', async () => {
    await lived(inFolder('lived.db'));
    await run(sqlite('lived.db'), 'export', { out: inFolder('one.jsonl') });
    const table = await tables.make();
    const network = await faultyNetwork(tables.aws().url);
    network.befall('BatchWriteItem', dynamodbError(400, 'ValidationException'));
    tables.through(network.url);

    const failed = await refused(run(`dynamodb:${table}`, 'import', { from: inFolder('one.jsonl') }));
    tables.through();
    const opened = await refused(tables.open(table, movableClock().clock));
    const again = await refused(run(`dynamodb:${table}`, 'import', { from: inFolder('one.jsonl') }));

    expect(failed.code).to.equal('internal');
    expect([opened.message, again.message]).to.deep.equal(
      Array(2).fill(`an import into the table did not come to its end (${table})`),
    );
    await network.stop();
  });

  it('refuses to import into a store that holds a row, of either kind', async () => {
    await lived(inFolder('lived.db'));
    await run(sqlite('lived.db'), 'export', { out: inFolder('one.jsonl') });
    const table = `dynamodb:${await tables.make()}`;
    await run(table, 'import', { from: inFolder('one.jsonl') });

    const refusals = [
      await refused(run(sqlite('lived.db'), 'import', { from: inFolder('one.jsonl') })),
      await refused(run(table, 'import', { from: inFolder('one.jsonl') })),
    ];

    expect(refusals.map(({ code }) => code)).to.deep.equal(Array(2).fill('store_unavailable'));
    expect(refusals.map(({ message }) => message.includes('is not empty'))).to.deep.equal([true, true]);
  });

  it('writes over no file, and leaves none that is half written', async () => {
    await lived(inFolder('lived.db'));
    writeFileSync(inFolder('mine.txt'), 'mine');
    const db = new Database(inFolder('lived.db'));
    db.exec(`UPDATE records SET body = '{"te' WHERE kind = 'approval'`);
    db.close();

    const refusals = [
      await refused(run(sqlite('lived.db'), 'export', { out: inFolder('mine.txt') })),
      await refused(run(sqlite('lived.db'), 'export', { out: inFolder('half.jsonl') })),
    ];

    expect(refusals.map(({ code }) => code)).to.deep.equal(['store_unavailable', 'store_corrupt']);
    expect(readFileSync(inFolder('mine.txt'), 'utf8')).to.equal('mine');
    expect(existsSync(inFolder('half.jsonl'))).to.equal(false);
  });

  it('makes a table that is protected, cleaned up and can be taken back in time, and checks each of it [O4]', async () => {
    const uri = `dynamodb:ops-${process.pid}`;

    const ends = [
      await run(uri, 'create'),
      await run(uri, 'create'),
      await run(uri, 'check'),
      await run(uri, 'migrate'),
    ];
    await run(uri, 'check');

    expect(ends).to.deep.equal([true, true, true, true]);
    expect(said).to.deep.equal([
      '✓ the keys are pk and sk',
      '✓ deletion protection is on',
      '✓ clean-up by expires_at (TTL) is on',
      '✓ recovery to a point in time is on',
      '✓ the form of the table is the present one',
      '✓ this role may read lists (Query)',
      '✓ this role may read rows together (BatchGetItem)',
      '✓ this role may write (PutItem)',
      '✓ this role may compare (ConditionCheckItem)',
      '✓ this role may delete (DeleteItem)',
    ]);
  });

  it('says how many chains the record has when it is asked for, in a store without records, and never anew [A2]', async () => {
    const table = `dynamodb:${await tables.make()}`;
    await lived(inFolder('lived.db'));

    const ends = [
      await run(table, 'create', { chains: '16' }),
      await run(table, 'create', { chains: '4' }),
      await run(sqlite('new.db'), 'create', { chains: '1' }),
      await run(sqlite('lived.db'), 'create', { chains: '2' }),
    ];
    const last = said.at(-1);
    const refusals = [
      await refused(run(table, 'create', { chains: 'many' })),
      await refused(run(sqlite('other.db'), 'create', { chains: '17' })),
    ];

    expect(ends).to.deep.equal([true, false, true, false]);
    expect(last).to.equal('✕ the audit record has 1 chain, and that stays so');
    expect(refusals.map(({ code }) => code)).to.deep.equal(['config_invalid', 'input_invalid']);
  });

  it('takes a record of sixteen chains from DynamoDB to SQLite and back, and it stays sixteen, whole and in use [A2]', async () => {
    const { clock, setNow } = movableClock(Date.parse('2026-11-20T12:00:00Z'));
    const name = await tables.make();
    await run(`dynamodb:${name}`, 'create', { chains: '16' });
    const first = await createHouse({ store: await tables.open(name, clock), clock: { clock, setNow } });
    for (let n = 0; n < 6; n += 1) await first.gate.submit(CALLS.low, caller('carol'));
    const before = await verifyChain(first.store);
    await first.store.close();

    const moves = [
      await run(`dynamodb:${name}`, 'export', { out: inFolder('one.jsonl') }),
      await run(sqlite('moved.db'), 'import', { from: inFolder('one.jsonl') }),
      await run(sqlite('moved.db'), 'export', { out: inFolder('two.jsonl') }),
    ];
    const back = await tables.make();
    moves.push(await run(`dynamodb:${back}`, 'import', { from: inFolder('two.jsonl') }));
    const moved = await tables.open(back, clock);
    const still = await fixChains(moved, 1);
    const again = await createHouse({ store: moved, clock: { clock, setNow } });
    await again.gate.submit(CALLS.low, caller('carol'));
    const after = await verifyChain(moved);
    await moved.close();

    expect(moves).to.deep.equal([true, true, true, true]);
    expect([before.chains, still, after.chains]).to.deep.equal([16, 16, 16]);
    expect([before.ok, after.ok]).to.deep.equal([true, true]);
    expect(after.records).to.be.above(before.records);
  });

  it('checks a SQLite file: its pages, and whether lists and rows agree [O4]', async () => {
    const path = inFolder('ops.db');
    const { clock } = movableClock();
    const opened = await createSqliteStore({ path, clock, log: silentLog });
    await opened.transact([put(notes, 'n', note()), put(notes, 'm', note())]);
    await opened.close();
    const broken = (statement: string) => {
      const db = new Database(path);
      db.exec(statement);
      db.close();
    };

    const whole = await run(`sqlite:${path}`, 'check');
    broken(`DELETE FROM entries WHERE id = 'n' AND list = 'by_time'`);
    broken(`DELETE FROM records WHERE id = 'm'`);
    const strays = await run(`sqlite:${path}`, 'check');
    const told = [...said];

    expect([whole, strays]).to.deep.equal([true, false]);
    expect(told).to.deep.equal([
      '✓ every page of the file is whole',
      '✕ 3 places in lists and their rows do not agree',
    ]);
    expect((await refused(run(sqlite('not-there.db'), 'check'))).message).to.include('there is no such file');
    expect(existsSync(inFolder('not-there.db'))).to.equal(false);
  });

  it('keeps what belongs to a machine beside its file, and for a table in data', () => {
    const uris = ['sqlite:./state/ops.db', 'dynamodb:ops', 'sqlite::memory:'];

    const beside = uris.map((uri) => besideStore(uri, 'audit.jsonl'));

    expect(beside).to.deep.equal(['./state/ops.db.audit.jsonl', 'data/ops.audit.jsonl', undefined]);
  });

  it('says which verbs there are when it is called otherwise', async () => {
    const refusals = [await refused(run(sqlite('x.db'), 'burn')), await refused(run(sqlite('x.db'), 'export'))];

    expect(refusals.map(({ code }) => code)).to.deep.equal(['config_invalid', 'config_invalid']);
    expect(refusals[1]?.hint).to.include('store export --out FILE');
  });
});
