import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { send, signedEvent, signedForm } from '../adapters/slack/signed-requests.ts';
import { type SlackApi, startSlackApi } from '../adapters/slack/slack-api.ts';
import { botToken } from '../adapters/slack/slack-world.ts';
import { type Moto, moto } from '../peers/peers.ts';
import { ALICE, type Installation, install } from './opsagent.ts';
import { eventually } from './record-of.ts';
import { type Serving, serveIn } from './serving.ts';

const REGION = 'eu-west-1';
const [OLD, NEXT] = ['old-0123456789-s3cr3t', 'next-0123456789-s3cr3t'];

describe('opsagent serve, while a secret is rotated in AWS', function () {
  this.timeout(60_000);
  let peer: Moto;
  let slack: SlackApi;
  let house: Installation;
  let secrets: SecretsManagerClient;
  let serving: Serving | undefined;

  before(async function () {
    peer = await moto(this);
    secrets = new SecretsManagerClient({ region: REGION, endpoint: peer.url });
  });

  beforeEach(async () => {
    await peer.reset();
    slack = await startSlackApi();
    const credentials = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing', AWS_REGION: REGION };
    house = install({ ...credentials, AWS_ENDPOINT_URL: peer.url, SLACK_API_URL: slack.apiUrl, LOG_LEVEL: 'info' });
    const first = { signing: OLD, bot: botToken, model: 'sk-ant-old-s3cr3t-0123456789' };
    await secrets.send(new CreateSecretCommand({ Name: 'ops', SecretString: JSON.stringify(first) }));
  });

  afterEach(async () => {
    await stopped();
    await slack.close();
    house.remove();
  });

  after(async () => peer?.stop());

  async function stopped(): Promise<string> {
    serving?.signal('SIGTERM');
    const ended = await serving?.ended;
    serving = undefined;
    return ended?.stderr ?? '';
  }

  async function serve(env: Record<string, string>): Promise<Serving> {
    serving = await serveIn(house, env);
    return serving;
  }

  const slackEnv = { SLACK_SIGNING_SECRET: 'secretsmanager:ops#signing', SLACK_BOT_TOKEN: 'secretsmanager:ops#bot' };
  const put = (value: object) =>
    secrets.send(new PutSecretValueCommand({ SecretId: 'ops', SecretString: JSON.stringify(value) }));
  /** An answer of the door to what the secret signed: 401 for what it does not count as Slack's. */
  const answerTo = async (server: Serving, secret: string) =>
    (await send(server.port, signedEvent({ type: 'url_verification', challenge: `${Math.random()}` }, { secret })))
      .status;
  const answers = async (server: Serving) => [await answerTo(server, OLD), await answerTo(server, NEXT)];
  /** Puts it there, sends SIGHUP, and asks until what is seen is as wanted. */
  async function rotated<T>(server: Serving, value: object, look: () => Promise<T>, wanted: T): Promise<T> {
    await put(value);
    server.signal('SIGHUP');
    return eventually(look, (seen) => JSON.stringify(seen) === JSON.stringify(wanted), 10_000);
  }

  it('takes both signing secrets while both are there, then the next alone, without a restart [O3, C1]', async () => {
    const server = await serve(slackEnv);
    const look = () => answers(server);
    const rest = { bot: botToken };

    const before = await look();
    const both = await rotated(server, { signing: `${NEXT}, ${OLD}`, ...rest }, look, [200, 200]);
    const after = await rotated(server, { signing: NEXT, ...rest }, look, [401, 200]);
    const said = await stopped();

    expect(before).to.deep.equal([200, 401]);
    expect(both).to.deep.equal([200, 200]);
    expect(after).to.deep.equal([401, 200]);
    expect(said)
      .to.include('a secret was taken over')
      .and.include('secretsmanager:ops#signing')
      .and.not.include('s3cr3t');
  });

  it('keeps the last good one while what is there is no secret, or is gone, and says so without it [O3, A5]', async () => {
    const server = await serve(slackEnv);
    const look = () => answers(server);

    await put({ signing: 'short-s3cr3t', bot: 'xoxp-s3cr3t' });
    server.signal('SIGHUP');
    await rotated(server, { signing: 'short-s3cr3t' }, look, [200, 401]);
    const kept = await look();
    const after = await rotated(server, { signing: NEXT, bot: botToken }, look, [401, 200]);
    const said = await stopped();

    expect(kept).to.deep.equal([200, 401]);
    expect(after).to.deep.equal([401, 200]);
    expect(said).to.include('has another form').and.include('the last good one stays').and.not.include('s3cr3t');
  });

  it('speaks to Slack with the next bot token when Slack takes it, and else with the one before [O3, C1]', async () => {
    const server = await serve(slackEnv);
    const next = 'xoxb-next';
    const present = slack.world.tokens.get(botToken);
    if (present) slack.world.tokens.set(next, present);
    const mention = async () => {
      const fields = {
        command: '/ops',
        text: 'help',
        team_id: present?.team ?? '',
        user_id: 'U0ALICE',
        channel_id: 'C0OPS',
        trigger_id: `${Math.random()}`,
        response_url: '',
      };
      return (await send(server.port, signedForm(fields, { secret: OLD }))).status;
    };
    const asked = () => slack.callsOf('auth.test').length;

    const atStart = asked();
    await rotated(server, { signing: OLD, bot: next }, async () => [await mention(), asked()], [200, atStart + 1]);
    slack.world.tokens.delete(botToken);
    const withNext = await mention();
    await rotated(server, { signing: OLD, bot: 'xoxb-wrong' }, async () => [await mention(), asked()], [
      200,
      atStart + 2,
    ]);
    const withWrong = await mention();
    const said = await stopped();

    expect([withNext, withWrong]).to.deep.equal([200, 200]);
    expect(asked()).to.equal(atStart + 2);
    expect(said).to.include('the rotated SLACK_BOT_TOKEN is not taken over');
  });

  it('asks the model with the next key [O3, L5]', async () => {
    const keys: unknown[] = [];
    const vendor = createServer((request, response) => {
      keys.push(request.headers.authorization ?? request.headers['x-api-key']);
      response.writeHead(401).end();
    });
    vendor.listen(0, '127.0.0.1');
    await once(vendor, 'listening');
    const url = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
    const model = { LLM_PROVIDER: 'anthropic', LLM_MODEL: 'claude-sonnet-5-5', ANTHROPIC_BASE_URL: url };
    const server = await serve({ ...model, ANTHROPIC_API_KEY: 'secretsmanager:ops#model' });
    const ask = async () => {
      await server.turn(ALICE, { text: 'how are our boxes doing then' });
      return keys.at(-1);
    };

    const before = await ask();
    const after = await rotated<unknown>(
      server,
      { model: 'sk-ant-next-0123456789' },
      ask,
      'Bearer sk-ant-next-0123456789',
    );
    vendor.closeAllConnections();
    vendor.close();

    expect([before, after]).to.deep.equal(['Bearer sk-ant-old-s3cr3t-0123456789', 'Bearer sk-ant-next-0123456789']);
  });
});
