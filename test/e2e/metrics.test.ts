import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { newApiKey } from '../../adapters/http/api-keys.ts';
import { callsOf } from '../adapters/qbusiness/rest-house.ts';
import { otherProcess } from '../store/other-process.ts';
import { type Oracle, startOracle } from './aws-oracle.ts';
import { type CountingAws, countingAws } from './counting-aws.ts';
import { ALICE, type Installation, install } from './opsagent.ts';
import { eventually } from './record-of.ts';
import { type Serving, serveIn } from './serving.ts';

const CI = newApiKey();
const INSTANCE = 'i-00000000000000001';

const metricsOf = async (server: Serving): Promise<string> => (await server.get('/metrics')).text;

/** The series of a metric as they stand in the text: labels → value. */
function seriesOf(name: string, text: string): Record<string, number> {
  const found = text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'));
  return Object.fromEntries([...found].map(([, labels = '', value]) => [labels.replaceAll('"', ''), Number(value)]));
}

describe('opsagent serve before AWS, asked for /metrics', function () {
  this.timeout(60_000);
  let house: Installation;
  let oracle: Oracle;
  let aws: CountingAws;
  let server: Serving | undefined;

  beforeEach(async () => {
    house = install({ EXECUTION_MODE: 'SANDBOX_LIVE', AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' });
    oracle = await startOracle(house.path('aws.jsonl'), 5);
    aws = await countingAws(oracle.url);
    const [people, keys] = [house.path('people.yaml'), house.path('keys.yaml')];
    writeFileSync(people, 'Bob: {email: bob@example.com, roles: [ops-lead]}\n');
    writeFileSync(keys, `ci: {roles: [engineer], keys: [{sha256: ${CI.sha256}}]}\n`);
    Object.assign(house.env, { PEOPLE_FILE: people, API_KEYS_FILE: keys, AWS_ENDPOINT_URL: aws.url });
  });

  afterEach(async () => {
    server?.signal('SIGKILL');
    await server?.ended;
    await aws.stop();
    await oracle.stop();
    house.remove();
  });

  it('counts what happened, once: calls at the gate, calls to AWS by their end, the time of turns in seconds [A6, T11]', async () => {
    server = await serveIn(house);
    const { get, post } = callsOf(server.port);
    const key = { 'x-api-key': CI.key };

    const began = performance.now();
    const read = await get('/operations/list_ec2_instances', undefined, key);
    aws.denied = 'DescribeInstances';
    const denied = await get('/operations/list_ec2_instances', undefined, key);
    aws.denied = undefined;
    const reboot = { instance_id: INSTANCE, reason: 'it hangs' };
    const proposed = await post('/operations/reboot_ec2', reboot, undefined, key);
    const tookSeconds = (performance.now() - began) / 1000;

    const text = await metricsOf(server);

    expect([read, denied, proposed].map(({ body }) => body.status)).to.deep.equal(['done', 'failed', 'pending']);
    expect(seriesOf('opsagent_gate_total', text)).to.deep.equal({
      'tool=list_ec2_instances,outcome=done': 1,
      'tool=list_ec2_instances,outcome=failed': 1,
      'tool=reboot_ec2,outcome=pending': 1,
    });
    const calls = seriesOf('opsagent_aws_calls_total', text);
    expect(calls).to.include({
      'service=ec2,operation=describeInstances,outcome=ok': 2,
      'service=ec2,operation=describeInstances,outcome=aws_access_denied': 1,
    });
    expect(Object.values(calls).reduce((sum, count) => sum + count)).to.equal(aws.asked.length);
    expect(seriesOf('opsagent_turn_seconds_count', text)).to.deep.equal({ 'channel=api': 3 });
    expect(seriesOf('opsagent_turn_seconds_sum', text)['channel=api']).to.be.above(0).and.below(tookSeconds);
  });
});

describe('opsagent serve on a store that another process holds, asked for /metrics', function () {
  this.timeout(60_000);
  let house: Installation;
  let server: Serving;

  beforeEach(async () => {
    house = install({ LOG_LEVEL: 'silent' });
    server = await serveIn(house);
  });

  afterEach(async () => {
    server.signal('SIGKILL');
    await server.ended;
    house.remove();
  });

  it('counts what the store did not answer in time, and the audit record that is missing of it [A6, A3]', async () => {
    const other = otherProcess('hold', house.path('data/ops.db'));
    await other.said(1);

    const reading = callsOf(server.port).get('/operations/list_ec2_instances', ALICE);
    const failures = (text: string) => seriesOf('opsagent_audit_failures_total', text)[''] ?? 0;
    const held = await eventually(
      () => metricsOf(server),
      (text) => failures(text) > 0,
      20_000,
    );
    other.child.stdin?.end();
    const read = await reading;

    expect(read.body).to.include({ status: 'done' });
    expect(failures(held)).to.be.above(0);
    expect(seriesOf('opsagent_store_errors_total', held)['code=store_unavailable']).to.be.above(failures(held));
  });
});
