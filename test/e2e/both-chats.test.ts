import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { aCommand, aPress } from '../adapters/slack/payloads.ts';
import { send, signedForm, signedInteraction, signingSecret } from '../adapters/slack/signed-requests.ts';
import { type SlackApi, startSlackApi } from '../adapters/slack/slack-api.ts';
import { botToken, channel, team } from '../adapters/slack/slack-world.ts';
import { executed, said, type Wire } from '../adapters/teams/activities.ts';
import { type ConnectorStub, type ConversationAtTeams, startConnector } from '../adapters/teams/connector.ts';
import { teamsPerson } from '../adapters/teams/people.ts';
import { type Installation, install } from './opsagent.ts';
import { type Serving, serveIn } from './serving.ts';

const GROUP = '19:ops@thread.v2';
const BOB = teamsPerson('bob@example.com');
const ERIN = teamsPerson('erin@example.com');

/** The whole program with Slack and Teams in front of it. */
describe('one program in both chats', function () {
  this.timeout(60_000);
  let slack: SlackApi;
  let teams: ConnectorStub;
  let group: ConversationAtTeams;
  let house: Installation;
  let server: Serving;

  beforeEach(async () => {
    slack = await startSlackApi();
    teams = await startConnector();
    group = teams.add(GROUP, 'groupChat', [BOB, ERIN]);
    house = install({ TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK: 'true', SLACK_API_URL: slack.apiUrl });
    const policy = house.path('policy.yaml');
    writeFileSync(policy, `routes: {'#ops': ['slack:${team}/${channel}', 'teams:${GROUP}']}\n`);
    server = await serveIn(house, {
      SLACK_BOT_TOKEN: botToken,
      SLACK_SIGNING_SECRET: signingSecret,
      POLICY_FILE: policy,
    });
    await inTeams(said(BOB, group, teams.serviceUrl, 'approvals'));
  });
  afterEach(async () => {
    server.signal('SIGTERM');
    await server.ended;
    house.remove();
    await slack.close();
    await teams.close();
  });

  const slash = (text: string) => send(server.port, signedForm(aCommand(text)));
  async function inTeams(activity: Wire): Promise<Record<string, unknown>> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(activity);
    const response = await fetch(`${server.address}/api/messages`, { method: 'POST', headers, body });
    const text = await response.text();
    return text === '' ? {} : JSON.parse(text);
  }
  const inSlack = () => slack.world.messages.map(({ blocks }) => JSON.stringify(blocks));
  const atTeams = () => [...group.activities.values()].map((activity) => JSON.stringify(activity));
  const cardIn = (texts: string[]) => texts.find((text) => text.includes('Plan digest')) ?? '';

  /** The card as it hangs in Teams: its message and what its buttons carry. */
  async function openCard() {
    const [message = ''] = [...group.activities].find(([, one]) => JSON.stringify(one).includes('Plan digest')) ?? [];
    const approvalId = /chg-[0-9a-f]{12}/.exec(JSON.stringify(group.activities.get(message)))?.[0] ?? '';
    const refresh = { type: 'Action.Execute', verb: 'refresh', data: { kind: 'refresh', approvalId } };
    const own = await inTeams(executed(BOB, group, teams.serviceUrl, message, { action: refresh }));
    const digest = /"digest":"([0-9a-f]{64})"/.exec(JSON.stringify(own))?.[1] ?? '';
    const data = { kind: 'decide', verdict: 'approve', approvalId, digest };
    return { message, approvalId, digest, press: { type: 'Action.Execute', verb: 'decide', data } };
  }

  it('asks in both, counts one person once and edits every card to the end [C1, C2, C8, G4, G11]', async () => {
    await slash(`ec2 reboot ${known.productionInstance} because it hangs`);
    await until(() => cardIn(atTeams()) !== '' && cardIn(inSlack()) !== '');
    const { message, approvalId, digest, press } = await openCard();
    const value = JSON.stringify({ approvalId, digest });

    await send(server.port, signedInteraction(aPress({ action_id: 'decide:approve', value }, {}, 'U0BOB')));
    await until(() => cardIn(inSlack()).includes('1 of 2'));
    const again = await inTeams(executed(BOB, group, teams.serviceUrl, message, { action: press }));
    await inTeams(executed(ERIN, group, teams.serviceUrl, message, { action: press }));
    await until(() => [inSlack(), atTeams()].every((texts) => cardIn(texts).includes('Done and verified')));

    expect(JSON.stringify(again)).to.contain('You approved it already; 2 different people must.');
    for (const texts of [inSlack(), atTeams()]) {
      for (const text of texts.filter((one) => one.includes('Plan digest')))
        expect(text).to.contain('Done and verified');
    }
    expect((await house.run(['audit', 'verify'])).code).to.equal(0);
  });

  it('tells strangers and foreign pages nothing [C1, C2]', async () => {
    const unsigned = await fetch(`${server.address}/slack/events`, { method: 'POST', body: 'payload=x' });
    const foreign = JSON.stringify({ ...said(BOB, group, 'https://evil.example/', 'approvals') });
    const headers = { 'content-type': 'application/json' };
    const elsewhere = await fetch(`${server.address}/api/messages`, { method: 'POST', headers, body: foreign });
    const paged = { ...headers, origin: 'https://evil.example' };
    const page = await fetch(`${server.address}/api/messages`, {
      method: 'POST',
      headers: paged,
      body: JSON.stringify(said(BOB, group, teams.serviceUrl, 'approvals')),
    });

    expect([unsigned.status, elsewhere.status, page.status]).to.deep.equal([401, 401, 401]);
    expect(await Promise.all([unsigned.text(), elsewhere.text(), page.text()])).to.deep.equal(['', '', '']);
  });
});

async function until(there: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (there()) return;
    await sleep(100);
  }
  throw new Error('it did not come');
}
