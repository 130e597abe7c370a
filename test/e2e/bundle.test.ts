import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { callsOf, SLACK_SECRET } from '../../bench/calls.ts';
import { startWorker } from '../../bench/rounds.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { moto } from '../peers/peers.ts';
import { BOB, type Installation, install } from './opsagent.ts';
import { type Serving, serveIn } from './serving.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = `${ROOT}dist/main.js`;
const TEAMS = { TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK: 'true' };

describe('the bundle that production runs', function () {
  this.timeout(60_000);
  let house: Installation;

  before(() => {
    execFileSync('npm', ['run', '--silent', 'bundle'], { cwd: ROOT, stdio: 'pipe' });
  });

  beforeEach(() => {
    house = install({}, PROGRAM);
  });

  afterEach(() => house.remove());

  it('proposes, executes once approved, and keeps a record that verifies [O4, G8, A2]', async () => {
    const asked = await house.ask(`reboot ${known.sickInstance} because it hangs`);
    const done = await house.ask(`approve token:${asked.approval_token}`, { as: BOB });
    const { code, stdout } = await house.run(['audit', 'verify', '--json']);

    expect(asked.outcome).to.equal('pending');
    expect(done.outcome).to.equal('done');
    expect({ code }, stdout).to.deep.equal({ code: 0 });
  });

  it('answers Slack, Teams, REST and MCP, serves the console, and stops at once [O4, C1, C2, C3, Q1, Q5]', async () => {
    const platform = await startWorker('platform-stub');
    const { port } = platform.ready as { port: number };
    const slackApi = { SLACK_BOT_TOKEN: 'xoxb-bundle', SLACK_API_URL: `http://127.0.0.1:${port}/api/` };
    const server = await serveIn(house, { ...TEAMS, ...slackApi, SLACK_SIGNING_SECRET: SLACK_SECRET });
    const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const post = (path: string, body: string, headers: Record<string, string> = json) =>
      fetch(`${server.address}${path}`, { method: 'POST', headers, body });
    const slack = callsOf['slack-help']()(0);
    const teams = callsOf['teams-help']({ serviceUrl: `http://127.0.0.1:${port}/` })(0);

    const answers = await Promise.all([
      post(slack.path, slack.body, slack.headers),
      post(teams.path, teams.body, teams.headers),
      post('/operations/diagnostic', JSON.stringify({ operation: 'list_alarms' })),
      post('/mcp', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })),
      fetch(`${server.address}/`),
    ]);
    const mcp = await answers[3]?.text();
    server.signal('SIGTERM');
    const { code } = await server.ended;
    await platform.stop();

    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200, 200]);
    expect(mcp).to.include('reboot_ec2');
    expect(code).to.equal(0);
  });

  it('asks AWS with its own SDK [O4, T9]', async function () {
    const peer = await moto(this);
    const aws = { AWS_ENDPOINT_URL: peer.url, AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' };
    writeFileSync(house.path('people.yaml'), 'Alice: { email: alice@example.com, roles: [engineer] }');
    const env = {
      EXECUTION_MODE: 'DRY_RUN',
      PEOPLE_FILE: 'people.yaml',
      ...aws,
      TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK: '',
    };

    const { outcome, text } = await house.ask('list ec2 instances', { env });
    await peer.stop();

    expect(outcome, text).to.equal('done');
    expect(text).to.include('DRY_RUN');
  });

  it('pauses changes when the program on the disk is another than the one that runs [L2, G9]', async () => {
    const server: Serving = await serveIn(house);
    const code = readFileSync(PROGRAM, 'utf8');
    try {
      appendFileSync(PROGRAM, '\n');
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      const refused = await server.turn('alice@example.com', { text: `reboot ${known.sickInstance} because it hangs` });

      expect(refused.text).to.include('sources-unchanged');
    } finally {
      writeFileSync(PROGRAM, code);
      server.signal('SIGKILL');
      await server.ended;
    }
  });
});
