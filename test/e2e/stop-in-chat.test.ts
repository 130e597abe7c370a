import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { aCommand } from '../adapters/slack/payloads.ts';
import { send, signedForm, signingSecret } from '../adapters/slack/signed-requests.ts';
import { type SlackApi, startSlackApi } from '../adapters/slack/slack-api.ts';
import { botToken } from '../adapters/slack/slack-world.ts';
import { type Oracle, startOracle } from './aws-oracle.ts';
import { type Installation, install } from './opsagent.ts';
import { eventually, recordOf } from './record-of.ts';
import { type Serving, serveIn } from './serving.ts';

const INSTANCE = 'i-00000000000000a00';
/** Longer than anything else that a stop waits for here. */
const REBOOT_MS = 5_000;

describe('opsagent serve, told to stop after a decision in chat was acknowledged', function () {
  this.timeout(60_000);
  let slack: SlackApi;
  let oracle: Oracle;
  let house: Installation;
  let server: Serving;

  beforeEach(async () => {
    slack = await startSlackApi();
    house = install({ EXECUTION_MODE: 'SANDBOX_LIVE', AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' });
    oracle = await startOracle(house.path('aws.jsonl'), REBOOT_MS);
    writeFileSync(
      house.path('people.yaml'),
      'Alice: {email: alice@example.com, roles: [engineer]}\nBob: {email: bob@example.com, roles: [ops-lead]}\n',
    );
    Object.assign(house.env, { PEOPLE_FILE: house.path('people.yaml'), AWS_ENDPOINT_URL: oracle.url });
    server = await serveIn(house, {
      ...{ SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret, SLACK_API_URL: slack.apiUrl },
    });
  });

  afterEach(async () => {
    server.signal('SIGKILL');
    await server.ended;
    await slack.close();
    await oracle.stop();
    house.remove();
  });

  it('waits for AWS and records that it was done, once [O5, G10]', async () => {
    const { approval_id: id = '', approval_token: token } = await house.ask(`reboot ${INSTANCE}`);
    const answer = await send(server.port, signedForm(aCommand(`approve token:${token}`, { user_id: 'U0BOB' })));
    const [seen] = await eventually(
      async () => oracle.reboots(),
      ([reboot]) => reboot !== undefined,
      20_000,
    );

    server.signal('SIGTERM');
    const { code } = await server.ended;

    const { approval } = await recordOf(house.env.STORE ?? '', id);
    expect({ acknowledged: answer.status, ended: seen?.ended }).to.deep.equal({ acknowledged: 200, ended: undefined });
    expect({ code, state: approval.state }).to.deep.equal({ code: 0, state: 'succeeded' });
    expect(oracle.reboots().map(({ ended }) => typeof ended)).to.deep.equal(['number']);
  });
});
