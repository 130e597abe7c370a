import {
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { OpsError } from '../../lib/errors.ts';
import type { Finding, StoreAdmin } from '../../store/admin.ts';
import { openDynamodbAdmin } from '../../store/dynamodb-admin.ts';
import { all, coming, copiedRows } from './copied-rows.ts';
import { dynamodbTables, region } from './dynamodb-table.ts';
import { refused } from './ends.ts';
import { dynamodbError, type FaultyNetwork, faultyNetwork } from './faulty-network.ts';
import { movableClock } from './movable-clock.ts';

const { clock } = movableClock();
const halfFilled = (table: string) => `an import into the table did not come to its end (${table})`;
const wrong = (findings: readonly Finding[]) => findings.filter(({ ok }) => !ok).map(({ said }) => said);

describe('the whole of a DynamoDB table', function () {
  this.timeout(60_000);
  const tables = dynamodbTables();
  let network: FaultyNetwork;
  let table: string;
  let admin: StoreAdmin;

  beforeEach(async () => {
    table = await tables.make();
    network = await faultyNetwork(tables.aws().url);
    tables.through(network.url);
    admin = openDynamodbAdmin(table, region);
    // The client reads the address with its first request.
    await admin.migrate();
    tables.through();
    network.operations.length = 0;
  });
  afterEach(async () => {
    await admin.close();
    await network.stop();
  });

  const count = (operation: string) => network.operations.filter((one) => one === operation).length;

  it('is exported with every row when it takes several pages [O4]', async () => {
    const rows = copiedRows(7, 'x'.repeat(390_000));
    await admin.load(coming(rows));

    const exported = await all(admin.rows());

    expect(exported.map(({ id }) => id)).to.deep.equal(rows.map(({ id }) => id));
    expect(count('Scan')).to.be.above(1);
  });

  it('is given again what DynamoDB was too busy for [O4]', async () => {
    const rows = copiedRows(6);
    network.befall('BatchWriteItem', { kind: 'in part', items: 1 }, { kind: 'in part', items: 2 });

    await admin.load(coming(rows));

    expect(await all(admin.rows())).to.deep.equal(rows.map((row) => ({ ...row, expires_at: undefined })));
    expect(count('BatchWriteItem')).to.equal(3);
  });

  it('is for nobody to use when DynamoDB stays too busy for a part of it, and that is told as worth another try [O5]', async () => {
    network.befall('BatchWriteItem', { kind: 'in part', items: 5 }, ...Array(20).fill({ kind: 'in part', items: 0 }));

    const { code, retryable } = await refused(admin.load(coming(copiedRows(6))));
    const opened = await refused(tables.open(table, clock));

    expect({ code, retryable }).to.deep.equal({ code: 'store_unavailable', retryable: true });
    expect(count('BatchWriteItem')).to.be.above(1);
    expect(opened.message).to.equal(halfFilled(table));
  });

  it('is for nobody to use when the last batch of an import fails, after those before it went well [O5]', async () => {
    async function* rows() {
      yield* copiedRows(30).slice(0, 25);
      // The first batch is written before the next row is taken.
      network.befall('BatchWriteItem', dynamodbError(400, 'ValidationException'));
      yield* copiedRows(30).slice(25);
    }

    const { code } = await refused(admin.load(rows()));
    const opened = await refused(tables.open(table, clock));

    expect(code).to.equal('internal');
    expect([(await all(admin.rows())).length, count('BatchWriteItem')]).to.deep.equal([25, 2]);
    expect(opened.message).to.equal(halfFilled(table));
  });

  it('is not released by `create` when an import did not come to its end [O5]', async () => {
    const cutOff = () => {
      throw new OpsError('input_invalid', 'the file was cut off', { hint: 'Copy it again.' });
    };
    await refused(admin.load(coming(copiedRows(30), cutOff)));

    const findings = await admin.create();
    const opened = await refused(tables.open(table, clock));

    expect(wrong(findings)).to.have.length(1);
    expect(wrong(findings)[0]).to.include('an import into the table did not come to its end');
    expect(opened.message).to.equal(halfFilled(table));
  });

  it('is not well when its protection, its clean-up or its way back in time is off, each by itself [O4]', async () => {
    const client = new DynamoDBClient({ region });
    const TableName = table;
    const off = { AttributeName: 'expires_at', Enabled: false };
    const seen = [wrong(await admin.check())];

    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    seen.push(wrong(await admin.check()));
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: off }));
    seen.push(wrong(await admin.check()));
    const none = { PointInTimeRecoveryEnabled: false };
    await client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: none }));
    seen.push(wrong(await admin.check()));
    client.destroy();

    const [protection, cleanUp, wayBack] = [
      'deletion protection is off',
      'clean-up by expires_at (TTL) is off',
      'recovery to a point in time is off',
    ];
    expect(seen).to.deep.equal([[], [protection], [protection, cleanUp], [protection, cleanUp, wayBack]]);
  });

  const rights: [operation: string, what: string[]][] = [
    ['Query', ['read lists (Query)']],
    ['BatchGetItem', ['read rows together (BatchGetItem)']],
    ['TransactWriteItems', ['write (PutItem)', 'compare (ConditionCheckItem)', 'delete (DeleteItem)']],
  ];
  for (const [operation, what] of rights)
    it(`is not well when AWS refuses this role ${operation}, and says what the role could not do [O4]`, async () => {
      network.befall(operation, ...what.map(() => dynamodbError(400, 'AccessDeniedException')));

      const findings = await admin.check();

      expect(wrong(findings)).to.deep.equal(
        what.map((one) => `this role could not ${one}: this role may not use the table (${table})`),
      );
    });

  it('says nothing of rights that this role has beside the one it lacks [O4]', async () => {
    network.befall('TransactWriteItems', dynamodbError(400, 'AccessDeniedException'));

    const findings = await admin.check();

    expect(wrong(findings)).to.deep.equal([
      `this role could not write (PutItem): this role may not use the table (${table})`,
    ]);
  });
});
