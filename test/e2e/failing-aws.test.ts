import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { type Oracle, startOracle } from './aws-oracle.ts';
import { BOB, type Installation, install } from './opsagent.ts';
import { recordOf } from './record-of.ts';

/** The last letters of an instance id say how AWS treats its reboot: see `workers/aws-oracle.ts`. */
const DENIED = 'i-000000000000000d1';
const THROTTLED = 'i-000000000000000d2';
const CUT_OFF = 'i-000000000000000d3';

describe('a change that AWS does not simply make', function () {
  this.timeout(30_000);
  let house: Installation;
  let oracle: Oracle;

  beforeEach(async () => {
    house = install({ EXECUTION_MODE: 'SANDBOX_LIVE', AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' });
    oracle = await startOracle(house.path('aws.jsonl'), 5);
    writeFileSync(
      house.path('people.yaml'),
      'Alice: {email: alice@example.com, roles: [engineer]}\nBob: {email: bob@example.com, roles: [ops-lead]}',
    );
    Object.assign(house.env, { PEOPLE_FILE: house.path('people.yaml'), AWS_ENDPOINT_URL: oracle.url });
  });

  afterEach(async () => {
    await oracle.stop();
    house.remove();
  });

  const approve = async (instance: string) => {
    const { approval_id: id = '', approval_token: token } = await house.ask(`reboot ${instance}`);
    const answer = await house.ask(`approve token:${token}`, { as: BOB });
    return { id, answer, record: await recordOf(house.env.STORE ?? '', id) };
  };

  it('fails when AWS denies it, with what to allow, and the resource rests for a while [T11, G9]', async () => {
    const { answer, record } = await approve(DENIED);
    const { approval_token: token } = await house.ask(`reboot ${DENIED} because once more`);
    const again = await house.ask(`approve token:${token}`, { as: BOB });

    expect({ outcome: answer.outcome, state: record.approval.state }).to.deep.equal({
      outcome: 'failed',
      state: 'failed',
    });
    expect(answer.text).to.match(/Allow\s+ec2:RebootInstances/);
    expect(answer.text).to.match(/AWS request id req-/);
    expect(again.text).to.match(/rests until/);
    expect(oracle.reboots()).to.deep.equal([]);
  });

  it('fails when AWS throttles it, and does not try again by itself [T11, G10]', async () => {
    const { answer, record } = await approve(THROTTLED);

    expect({ outcome: answer.outcome, state: record.approval.state }).to.deep.equal({
      outcome: 'failed',
      state: 'failed',
    });
    expect(answer.text).to.match(/Wait \d+\s+seconds/);
    expect(record.audit.filter(({ type }) => type === 'change_intent')).to.have.length(1);
  });

  it('is unknown when the connection breaks after it was sent: told so, never sent again, and the next one is warned [G10, G6]', async () => {
    const { id, answer, record } = await approve(CUT_OFF);
    for (let n = 0; n < 3; n += 1) await house.ask('approvals', { as: BOB });
    const next = await house.ask(`reboot ${CUT_OFF} because it may not have happened`);

    expect({ outcome: answer.outcome, state: record.approval.state }).to.deep.equal({
      outcome: 'failed',
      state: 'unknown',
    });
    expect(answer.text).to.match(/may or may not have happened/);
    expect(next.text.replace(/\s+/g, ' ')).to.include(`Possible repeat of ${id}`);
    expect(oracle.reboots()).to.have.length(1);
  });
});
