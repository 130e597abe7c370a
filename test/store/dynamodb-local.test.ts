import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { createDynamodbStore } from '../../store/dynamodb.ts';
import { openDynamodbAdmin } from '../../store/dynamodb-admin.ts';
import { put, type Store, update } from '../../store/store.ts';
import { type DynamodbLocal, dynamodbLocal } from '../peers/dynamodb-local.ts';
import { region } from './dynamodb-table.ts';
import { noteIds, noteRow } from './ends.ts';
import { type FaultyNetwork, faultyNetwork } from './faulty-network.ts';
import { movableClock } from './movable-clock.ts';
import { counters, note, notes } from './notes.ts';
import { storeContract } from './store-contract.ts';

const keys = ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;

describe("the DynamoDB store on Amazon's own DynamoDB Local", function () {
  this.timeout(120_000);
  const before_ = keys.map((key) => process.env[key]);
  const { clock, setNow } = movableClock();
  let server: DynamodbLocal;

  before(async function () {
    server = await dynamodbLocal(this);
    for (const key of keys) process.env[key] = 'testing';
    process.env.AWS_ENDPOINT_URL_DYNAMODB = server.url;
  });
  after(async () => {
    for (const [n, key] of keys.entries()) {
      if (before_[n] === undefined) delete process.env[key];
      else process.env[key] = before_[n];
    }
    await server?.stop();
  });

  async function makeTable(): Promise<string> {
    const table = `ops-${randomUUID()}`;
    const admin = openDynamodbAdmin(table, region);
    await admin.create();
    await admin.close();
    return table;
  }
  const open = (table: string, at = clock) => createDynamodbStore({ table, region, clock: at, log: silentLog });

  // Of 2020: it takes ten items a commit, where DynamoDB takes a hundred.
  storeContract(
    "a table of Amazon's own",
    async () => ({ store: await open(await makeTable()), setNow }),
    'old limits',
  );

  describe('when answers are lost', () => {
    let network: FaultyNetwork;
    let store: Store;

    beforeEach(async () => {
      const table = await makeTable();
      network = await faultyNetwork(server.url);
      process.env.AWS_ENDPOINT_URL_DYNAMODB = network.url;
      store = await open(table, systemClock);
      process.env.AWS_ENDPOINT_URL_DYNAMODB = server.url;
    });
    afterEach(async () => {
      await store.close();
      await network.stop();
    });

    it('carries a commit out once, however often it is sent with its token [G10]', async () => {
      await store.transact([put(counters, 'c', { count: 0 })]);
      const row = { id: 'c', version: 1, value: { count: 0 } };
      network.operations.length = 0;
      network.befall('TransactWriteItems', { kind: 'lose answer' }, { kind: 'lose answer' });

      const end = await store.transact([update(counters, row, { count: 1 }), put(notes, 'n', note())]);

      expect(end).to.deep.equal({ committed: true });
      expect(network.operations).to.deep.equal(Array(3).fill('TransactWriteItems'));
      expect(await store.get(counters, 'c')).to.deep.equal({ id: 'c', version: 2, value: { count: 1 } });
      expect([(await noteRow(store, 'n')).version, await noteIds(store, noteQuery)]).to.deep.equal([1, ['n']]);
    });
  });

  it('lets one of sixteen that write the same row at once win, and tells the others [G9]', async () => {
    const table = await makeTable();
    const stores = await Promise.all(Array.from({ length: 16 }, () => open(table, systemClock)));
    await stores[0]?.transact([put(counters, 'c', { count: 0 })]);
    const row = { id: 'c', version: 1, value: { count: 0 } };

    const ends = await Promise.all(stores.map((one, n) => one.transact([update(counters, row, { count: n })])));

    expect(ends.filter((end) => end.committed)).to.have.length(1);
    expect(ends.filter((end) => !end.committed && end.because === 'conflict' && end.version === 2)).to.have.length(15);
    await Promise.all(stores.map((one) => one.close()));
  });
});

const noteQuery = { index: 'by_author', partition: 'alice', limit: 10 };
