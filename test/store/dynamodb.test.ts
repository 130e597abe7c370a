import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { tableSchema } from '../../store/dynamodb-state.ts';
import { check, put, type Store, update } from '../../store/store.ts';
import { dynamodbTables, region } from './dynamodb-table.ts';
import { noteIds, noteRow, refused } from './ends.ts';
import { movableClock } from './movable-clock.ts';
import { counters, note, notes } from './notes.ts';
import { storeContract } from './store-contract.ts';

const alice = { index: 'by_author', partition: 'alice', limit: 10 };
/** Calls that expect version 1 to 8 of a row at version 4: the fifth and those behind it are built on the fourth. */
const conflictsBut4 = [false, false, false, true, true, true, true, true];
const rowOf = (id: string) => ({ pk: { S: `row/note/${id}` }, sk: { S: 'row' } });

describe('the DynamoDB store', function () {
  this.timeout(120_000);
  const tables = dynamodbTables();
  const { clock, setNow } = movableClock();

  storeContract('a DynamoDB table', async () => ({ store: await tables.open(await tables.make(), clock), setNow }));

  describe('a table', () => {
    let table: string;
    let store: Store;
    let client: DynamoDBClient;

    beforeEach(async () => {
      table = await tables.make();
      store = await tables.open(table, clock);
      client = new DynamoDBClient({ region });
    });
    afterEach(async () => {
      await store.close();
      client.destroy();
    });

    /** What the store asks DynamoDB for while `work` runs. */
    async function operations(work: () => Promise<unknown>): Promise<string[]> {
      const before = (await tables.aws().calls()).length;
      await work();
      return (await tables.aws().calls()).slice(before).map(({ action }) => action);
    }

    it('is asked once for a commit of rows it has read, and twice for a page', async () => {
      await store.transact([put(notes, 'n', note()), put(notes, 'm', note())]);
      const row = await noteRow(store, 'n');

      const asked = [
        await operations(() => store.transact([update(notes, row, note({ author: 'bob' })), check(notes, 'm', 1)])),
        await operations(() => store.query(notes, alice)),
        await operations(() => store.get(notes, 'n')),
      ];

      expect(asked).to.deep.equal([['TransactWriteItems'], ['Query', 'BatchGetItem'], ['GetItem']]);
    });

    it('is asked once for rows that are read together', async () => {
      await store.transact([put(notes, 'n', note()), put(notes, 'm', note({ author: 'bob' }))]);
      const found: unknown[] = [];

      const asked = await operations(async () => {
        const rows = await Promise.all(['n', 'm', 'n', 'gone'].map((id) => store.get(notes, id)));
        found.push(...rows.map((row) => row?.value.author));
      });

      expect(asked).to.deep.equal(['BatchGetItem']);
      expect(found).to.deep.equal(['alice', 'bob', 'alice', undefined]);
    });

    it('is never read but strongly consistently', async () => {
      await store.transact([put(notes, 'n', note())]);
      const before = (await tables.aws().calls()).length;

      await store.query(notes, alice);
      await store.places(notes, alice);
      await store.get(notes, 'n');

      const reads = (await tables.aws().calls()).slice(before).map(({ params }) => JSON.stringify(params));
      expect(reads).to.have.length(5);
      expect(reads.filter((read) => !read.includes('"ConsistentRead":true'))).to.deep.equal([]);
    });

    it('keeps its lists right when a row is updated by somebody who has never read it', async () => {
      await store.transact([put(notes, 'n', note())]);
      const stranger = await tables.open(table, clock);
      const unread = { id: 'n', version: 1, value: note() };

      const end = await stranger.transact([update(notes, unread, note({ author: 'bob' }))]);

      expect(end).to.deep.equal({ committed: true });
      expect(await noteIds(store, alice)).to.deep.equal([]);
      expect(await noteIds(store, { ...alice, partition: 'bob' })).to.deep.equal(['n']);
      await stranger.close();
    });

    it('keeps its lists right when a row it remembers was deleted and put anew elsewhere', async () => {
      await store.transact([put(notes, 'n', note())]);
      const other = await tables.open(table, clock);
      const row = await noteRow(other, 'n');
      await other.transact([{ op: 'delete', kind: notes, id: 'n', version: 1 }]);
      await other.transact([put(notes, 'n', note({ author: 'bob' }))]);

      const end = await store.transact([update(notes, row, note({ author: 'carol' }))]);

      expect(end).to.deep.equal({ committed: true });
      expect(await noteIds(other, { ...alice, partition: 'bob' })).to.deep.equal([]);
      expect(await noteIds(other, { ...alice, partition: 'carol' })).to.deep.equal(['n']);
      await other.close();
    });

    it('asks once or twice, not for each, when calls wait behind one that another process was faster than', async () => {
      const other = await tables.open(table, clock);
      await store.transact([put(counters, 'c', { count: 0 })]);
      const pipeline = () =>
        Promise.all(
          [1, 2, 3, 4, 5, 6, 7, 8].map((version) =>
            store.transact([update(counters, { id: 'c', version, value: { count: 0 } }, { count: version })]),
          ),
        );
      for (const version of [1, 2, 3])
        await other.transact([update(counters, { id: 'c', version, value: { count: 0 } }, { count: -1 })]);

      const asked = await operations(async () => {
        expect((await pipeline()).map((end) => end.committed)).to.deep.equal(conflictsBut4);
      });

      expect(asked.length).to.be.below(8);
      expect((await store.get(counters, 'c'))?.version).to.equal(9);
      await other.close();
    });

    it('does not hold an old refusal against a call that was made after it', async () => {
      const other = await tables.open(table, clock);
      const at = (version: number) => update(counters, { id: 'c', version, value: { count: 0 } }, { count: version });
      await store.transact([put(counters, 'c', { count: 0 })]);
      await other.transact([at(1)]);
      const refusal = await store.transact([at(1)]);
      await other.transact([at(2)]);

      const end = await store.transact([at(3)]);

      expect([refusal.committed, end.committed]).to.deep.equal([false, true]);
      await other.close();
    });

    it('marks rows and their places for clean-up at the second after they expire, anew when that moves', async () => {
      await store.transact([put(notes, 'n', note({ keepUntil: 1_500 }))]);
      const until = async (Key: object) =>
        (await client.send(new GetItemCommand({ TableName: table, Key: Key as never }))).Item?.expires_at?.N;
      const place = { pk: { S: 'list/note/by_author/alice' }, sk: { S: `${note().at}\u0001n\u0001` } };

      const first = [await until(rowOf('n')), await until(place)];
      await store.transact([update(notes, await noteRow(store, 'n'), note({ keepUntil: 7_000 }))]);
      const second = [await until(rowOf('n')), await until(place)];

      expect([first, second]).to.deep.equal([
        ['2', '2'],
        ['7', '7'],
      ]);
    });

    it('fills a page past places whose rows have been cleaned up', async () => {
      await store.transact(['1', '2', '3', '4', '5'].map((at) => put(notes, `n${at}`, note({ at }))));
      for (const id of ['n1', 'n2', 'n4'])
        await client.send(new DeleteItemCommand({ TableName: table, Key: rowOf(id) }));

      const first = await store.query(notes, { ...alice, limit: 1 });
      const second = await store.query(notes, { ...alice, limit: 1, after: first.next });
      const backwards = await noteIds(store, { ...alice, limit: 2, newestFirst: true });

      expect([first, second].map(({ rows }) => rows.map(({ id }) => id))).to.deep.equal([['n3'], ['n5']]);
      expect(second.next).to.equal(undefined);
      expect(backwards).to.deep.equal(['n5', 'n3']);
    });

    it('is not asked for more than 100 items in one commit: rows and places are counted together', async () => {
      const many = (count: number) => Array.from({ length: count }, (_, n) => put(notes, `n${n}`, note()));

      const refusal = await refused(store.transact(many(34)));
      const taken = await store.transact(many(33));

      expect([refusal.code, refusal.message]).to.deep.equal([
        'internal',
        'a transaction makes 102 items with the lists its rows stand in, DynamoDB takes 100',
      ]);
      expect(taken).to.deep.equal({ committed: true });
    });

    it('refuses a key that DynamoDB could not hold, wherever it comes from', async () => {
      const long = 'x'.repeat(3_000);

      const refusals = [
        await refused(store.get(notes, long)),
        await refused(store.query(notes, { ...alice, partition: long })),
        await refused(store.transact([put(notes, 'n', note({ at: long }))])),
      ];

      expect(refusals.map(({ code }) => code)).to.deep.equal(Array(3).fill('input_invalid'));
    });

    it('names a row that is not what it should be', async () => {
      await store.transact([put(notes, 'n', note()), put(notes, 'm', note())]);
      const item = { ...rowOf('n'), kind: { S: 'note' }, id: { S: 'n' }, version: { N: '1' }, listed: { S: '{' } };
      await client.send(new PutItemCommand({ TableName: table, Item: { ...item, body: { S: '{}' } } }));
      await client.send(new PutItemCommand({ TableName: table, Item: rowOf('x') }));

      const refusals = [
        await refused(store.get(notes, 'n')),
        await refused(store.query(notes, alice)),
        await refused(store.get(notes, 'x')),
      ];

      expect(refusals.map(({ code }) => code)).to.deep.equal(Array(3).fill('store_corrupt'));
      expect(refusals[0]?.message).to.include('note n');
      expect((await noteRow(store, 'm')).version).to.equal(1);
    });
  });

  describe('a table that is not ready', () => {
    it('is refused when it is not there, not set up, of a newer OpsAgent, or half imported', async () => {
      const table = await tables.make();
      const client = new DynamoDBClient({ region });
      const state = { pk: { S: 'table' }, sk: { S: 'table' } };
      const says = async (more: object) => {
        await client.send(new PutItemCommand({ TableName: table, Item: { ...state, ...more } }));
        return refused(tables.open(table, clock));
      };

      const refusals = [
        await refused(tables.open('not-there', clock)),
        await says({ schema: { N: String(tableSchema + 1) }, state: { S: 'ready' } }),
        await says({ schema: { N: '1' }, state: { S: 'importing' } }),
        await client
          .send(new DeleteItemCommand({ TableName: table, Key: state }))
          .then(() => refused(tables.open(table, clock))),
      ];

      expect(refusals.map(({ code, retryable }) => [code, retryable])).to.deep.equal(
        Array(4).fill(['store_unavailable', false]),
      );
      expect(refusals.map(({ message }) => message.replace(/ \(.*/, ''))).to.deep.equal([
        'there is no such table',
        `the table was written by a newer OpsAgent: schema ${tableSchema + 1}, known here ${tableSchema}`,
        'an import into the table did not come to its end',
        'the table was not set up by OpsAgent',
      ]);
      client.destroy();
    });
  });
});
