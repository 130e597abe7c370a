import { expect } from 'chai';
import { systemClock } from '../../lib/clock.ts';
import { type Committed, put, remove, type Store, update, type Write } from '../../store/store.ts';
import { dynamodbTables } from './dynamodb-table.ts';
import { noteIds, noteRow, refused } from './ends.ts';
import { dynamodbError, type Fault, type FaultyNetwork, faultyNetwork } from './faulty-network.ts';
import { movableClock } from './movable-clock.ts';
import { counters, note, notes } from './notes.ts';

const write = 'TransactWriteItems';
const throttling = dynamodbError(400, 'ThrottlingException');
const cancelledBy = (Code: string) =>
  dynamodbError(400, 'TransactionCanceledException', { CancellationReasons: [{ Code, Message: 'says the test' }] });

describe('the DynamoDB store on a bad day', function () {
  this.timeout(30_000);
  const tables = dynamodbTables();
  let network: FaultyNetwork;
  let table: string;
  let store: Store;

  beforeEach(async () => {
    table = await tables.make();
    network = await faultyNetwork(tables.aws().url);
    tables.through(network.url);
    store = await tables.open(table, systemClock);
    tables.through();
    network.operations.length = 0;
  });
  afterEach(async () => {
    await store.close();
    await network.stop();
  });

  it('tries again while the table is throttled, the rows are contended or the service fails, and commits once', async () => {
    const faults = [throttling, cancelledBy('TransactionConflict'), dynamodbError(500, 'InternalServerError')];
    network.befall(write, ...faults, dynamodbError(400, 'TransactionInProgressException'));

    const end = await store.transact([put(notes, 'n', note())]);

    expect(end).to.deep.equal({ committed: true });
    expect(network.operations).to.deep.equal(Array(5).fill(write));
    expect((await noteRow(store, 'n')).version).to.equal(1);
  });

  it('tries reads again too', async () => {
    await store.transact([put(notes, 'n', note())]);
    for (const operation of ['GetItem', 'Query', 'BatchGetItem']) network.befall(operation, throttling);

    const found = [(await noteRow(store, 'n')).id, ...(await noteIds(store, query))];

    expect(found).to.deep.equal(['n', 'n']);
  });

  it('asks for the rest of a batch that came back in part', async () => {
    await store.transact([put(notes, 'a', note()), put(notes, 'b', note())]);
    const Keys = ['a', 'b'].map((id) => ({ pk: { S: `row/note/${id}` }, sk: { S: 'row' } }));
    const body = { Responses: { [table]: [] }, UnprocessedKeys: { [table]: { Keys, ConsistentRead: true } } };
    network.befall('BatchGetItem', { kind: 'answer', status: 200, body });

    const found = await noteIds(store, query);

    expect(found).to.deep.equal(['a', 'b']);
  });

  it('gives up in the end, says that the table is throttled, and that it is worth another try', async () => {
    network.befall(write, ...Array(20).fill(throttling));

    const refusal = await refused(store.transact([put(notes, 'n', note())]));

    expect([refusal.code, refusal.retryable, refusal.facts]).to.deep.equal([
      'store_unavailable',
      true,
      { aws: 'ThrottlingException' },
    ]);
    expect(network.operations).to.have.length(10);
  });

  it('takes a commit whose answer was lost for what it is, never for a conflict with itself [G10]', async () => {
    await store.transact([put(notes, 'old', note())]);
    const first = await noteRow(store, 'old');
    const losing = (transaction: Write) => {
      network.befall(write, { kind: 'lose answer' });
      return store.transact([transaction]);
    };

    const ends = [
      await losing(put(notes, 'n', note())),
      await losing(update(notes, first, note({ author: 'bob' }))),
      await losing(remove(notes, { ...first, version: 2 })),
    ];

    expect(ends).to.deep.equal(Array(3).fill({ committed: true }));
    expect(network.operations.filter((one) => one === write)).to.have.length(7);
    expect(await noteIds(store, query)).to.deep.equal(['n']);
  });

  it('knows its own commit by the row when DynamoDB has forgotten the token [G10]', async () => {
    network.befall(write, { kind: 'lose answer' });
    network.beforeAnswer = async () =>
      void (await fetch(`${tables.aws().url}/test-peer/forget-tokens`, { method: 'POST' }));

    const end = await store.transact([put(notes, 'n', note())]);

    expect(end).to.deep.equal({ committed: true });
    expect((await noteRow(store, 'n')).version).to.equal(1);
  });

  it('tells a true conflict when somebody else was faster while an answer was missing', async () => {
    const other = await tables.open(table, systemClock);
    network.befall(write, { kind: 'answer', status: 500, body: { __type: 'InternalServerError' } });
    await other.transact([put(notes, 'n', note({ text: 'theirs' }))]);

    const end = await store.transact([put(notes, 'n', note())]);

    expect(end).to.deep.equal({ committed: false, because: 'conflict', kind: 'note', id: 'n', version: 1 });
    await other.close();
  });

  describe('at the deadline', () => {
    const { clock, setNow } = movableClock();
    let hurried: Store;

    beforeEach(async () => {
      tables.through(network.url);
      hurried = await tables.open(table, clock);
      tables.through();
      network.operations.length = 0;
    });
    afterEach(() => hurried.close());

    /** A commit whose deadline passes before the first answer comes, or should have come. */
    async function commit(fault: Fault): Promise<Committed> {
      setNow(1_000);
      network.befall(write, fault);
      network.beforeAnswer = async () => setNow(2_000);
      return hurried.transact([put(notes, 'n', note())], { before: 2_000 });
    }

    it('begins no other attempt: it is late when nothing was carried out', async () => {
      const end = await commit(throttling);

      expect(end).to.deep.equal({ committed: false, because: 'late' });
      expect(network.operations).to.deep.equal([write]);
      expect(await store.get(notes, 'n')).to.equal(undefined);
    });

    it('looks at the row when the answer is missing [G10]', async () => {
      const end = await commit({ kind: 'lose answer' });

      expect(end).to.deep.equal({ committed: true });
      expect(network.operations).to.deep.equal([write, 'GetItem']);
    });

    it('claims nothing when the answer is missing and the row does not show the commit [G10]', async () => {
      const refusal = await refused(commit(dynamodbError(500, 'InternalServerError')));

      expect([refusal.code, refusal.retryable]).to.deep.equal(['store_unavailable', true]);
      expect(refusal.message).to.include('before the deadline');
    });
  });

  it('cuts off a request that is never answered, and makes it again', async () => {
    network.befall(write, { kind: 'silence' });
    const began = performance.now();

    const end = await store.transact([put(counters, 'c', { count: 1 })]);

    expect(end).to.deep.equal({ committed: true });
    expect(performance.now() - began).to.be.within(2_900, 5_000);
  });

  it('says that DynamoDB does not answer when nothing listens there', async () => {
    await network.stop();

    const refusal = await refused(store.get(notes, 'n'));

    expect([refusal.code, refusal.retryable]).to.deep.equal(['store_unavailable', true]);
    expect(refusal.message).to.include('does not answer');
    network = await faultyNetwork(tables.aws().url);
  });
});

const query = { index: 'by_author', partition: 'alice', limit: 10 };
