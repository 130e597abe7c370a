import { expect } from 'chai';
import { chainFor, namesOf, readChains } from '../../approvals/audit-chains.ts';
import { auditKind } from '../../approvals/audit-record.ts';
import { systemClock } from '../../lib/clock.ts';
import { update } from '../../store/store.ts';
import { dynamodbTables } from '../store/dynamodb-table.ts';
import { type Installation, install } from './opsagent.ts';

describe('opsagent on a new DynamoDB table', function () {
  this.timeout(120_000);
  const tables = dynamodbTables();
  let house: Installation;

  beforeEach(() => {
    house = install();
  });
  afterEach(() => {
    house.remove();
  });

  it('records in sixteen chains, signs them together, and verify names a bad record with its chain [A2, G1]', async () => {
    const table = await tables.make();
    const env = {
      ...{ STORE: `dynamodb:${table}`, AWS_ENDPOINT_URL_DYNAMODB: tables.aws().url, AWS_REGION: 'eu-west-1' },
      ...{ AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' },
      ...{ AUDIT_SIGNING_KEY_FILE: house.path('key.pem'), AUDIT_CHECKPOINTS: `file:${house.path('second')}` },
    };
    await house.run(['keys', 'create', '--out', house.path('key.pem')]);
    const asked = [await house.ask('list ec2 instances', { env }), await house.ask('list ec2 instances', { env })];
    const whole = await house.run(['audit', 'verify'], env);
    const exported = await house.run(['audit', 'export', '--out', house.path('export.jsonl')], env);
    const byNumber = await house.run(['audit', 'export', '--from', '1', '--out', house.path('other.jsonl')], env);
    const ready = await house.run(['readiness'], env);
    const store = await tables.open(table, systemClock);
    const chain = chainFor(asked[0]?.correlation_id ?? '', namesOf(16));
    const { rows } = await store.query(auditKind, { index: 'by_chain', partition: chain, limit: 1 });
    const { names } = await readChains(store);
    for (const row of rows) await store.transact([update(auditKind, row, { ...row.value, summary: 'never said' })]);
    await store.close();

    const broken = await house.run(['audit', 'verify'], env);

    expect(names).to.have.length(16);
    expect([whole.code, exported.code, byNumber.code, broken.code]).to.deep.equal([0, 0, 1, 1]);
    expect(whole.stdout).to.match(/^The 16 audit chains are whole: [4-9] records, [4-9] compared with the copy/);
    expect(whole.stdout).to.match(
      /[12] signed checkpoints: the first records of each chain, [1-9] together, are as they were/,
    );
    expect(exported.stdout).to.match(/[12] signed checkpoints vouch for them up to record [0-9a-f]\/\d+/);
    expect(byNumber.stderr).to.match(/several chains: give --from and --to as times/);
    expect(ready.stdout).to.match(/the newest [4-9] records are whole/);
    expect(broken.stdout).to.include(
      `broken at record ${chain.replace('main-', '')}/1: its content is not what was written`,
    );
  });
});
