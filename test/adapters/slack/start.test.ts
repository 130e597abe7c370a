import { expect } from 'chai';
import { createSlack, type SlackOptions } from '../../../adapters/slack/slack.ts';
import { systemClock } from '../../../lib/clock.ts';
import { OpsError } from '../../../lib/errors.ts';
import { silentLog } from '../../../lib/log.ts';
import { createSqliteStore } from '../../../store/sqlite.ts';
import type { Store } from '../../../store/store.ts';
import { noLobby } from '../no-lobby.ts';
import { aCommand } from './payloads.ts';
import { signedForm, signingSecret } from './signed-requests.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';
import { answered, openHouse } from './slack-house.ts';
import { botToken, team } from './slack-world.ts';

describe('the start of Slack', () => {
  let api: SlackApi;
  let store: Store;

  beforeEach(async () => {
    api = await startSlackApi();
    store = await createSqliteStore({ path: ':memory:', clock: systemClock, log: silentLog });
  });
  afterEach(async () => {
    await api.close();
    await store.close();
  });

  const failsToStart = async (over: Partial<SlackOptions>): Promise<unknown> => {
    const slack = createSlack({
      signingSecret,
      tokens: { kind: 'bot-token', botToken },
      apiUrl: api.apiUrl,
      store,
      clock: systemClock,
      log: silentLog,
      incidentCommand: () => '',
      ...over,
    });
    return slack
      .start(async () => answered, noLobby)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
  };

  for (const [what, over] of Object.entries<Partial<SlackOptions>>({
    'without a signing secret': { signingSecret: undefined },
    'with an empty signing secret': { signingSecret: '' },
    'with an empty signing secret and an empty app token': { signingSecret: '', appToken: '' },
    'with OAuth and nothing but an app token': {
      signingSecret: undefined,
      appToken: 'xapp-1',
      tokens: {
        kind: 'oauth',
        clientId: '1',
        clientSecret: 's'.repeat(16),
        publicUrl: 'https://x',
        workspaces: [team],
      },
    },
  })) {
    it(`is refused ${what}, and names the key [C1, O3]`, async () => {
      const thrown = await failsToStart(over);

      expect(thrown).to.be.instanceOf(OpsError).with.property('code', 'config_invalid');
      expect(thrown).to.have.property('message').that.contains('SLACK_SIGNING_SECRET');
      expect(api.calls).to.deep.equal([]);
    });
  }

  for (const apiUrl of [
    'https://slack.com.evil.example/api/',
    'https://user@evil.example/api/',
    'http://slack.com/api/',
    'https://127.0.0.1.nip.io/api/',
    'http://127.0.0.1:80@evil.example/api/',
    'https://slack.com/api/../x/',
    '',
  ]) {
    it(`is refused with a Web API at "${apiUrl}" [C1, O3]`, async () => {
      const thrown = await failsToStart({ apiUrl });

      expect(thrown).to.have.property('code', 'config_invalid');
      expect(thrown).to.have.property('message').that.contains('SLACK_API_URL');
    });
  }

  it('is refused with a token that Slack does not take [O3]', async () => {
    const thrown = await failsToStart({ tokens: { kind: 'bot-token', botToken: 'xoxb-wrong' } });

    expect(thrown).to.have.property('code', 'config_invalid');
    expect(thrown).to.have.property('message').that.contains('SLACK_BOT_TOKEN').and.contains('invalid_auth');
    expect(JSON.stringify(thrown)).not.to.contain('xoxb-wrong');
  });

  it('is refused with the token of a workspace that may not use it [C1, O3]', async () => {
    const thrown = await failsToStart({ tokens: { kind: 'bot-token', botToken, workspaces: ['T0OTHER'] } });

    expect(thrown).to.have.property('code', 'config_invalid');
    expect(thrown).to.have.property('message').that.contains('SLACK_WORKSPACES').and.contains(team);
  });

  it('asks Slack once whose token it is, however much is delivered [C1]', async () => {
    const house = await openHouse({ apiUrl: api.apiUrl });

    await Promise.all(Array.from({ length: 20 }, () => house.send(signedForm(aCommand('help')))));

    expect(house.turns).to.have.length(20);
    expect(api.callsOf('auth.test')).to.have.length(1);
    await house.close();
  });

  it('takes no rotated token of another workspace, asks Slack once about it, and goes on with the one before [C1, O3]', async () => {
    const warned: string[] = [];
    const log = { ...silentLog, warn: (facts: object) => void warned.push(JSON.stringify(facts)) };
    api.world.tokens.set('xoxb-theirs', { team: 'T0THEIRS', user: 'U0BOT', bot: 'B0BOT' });
    let token = botToken;
    const house = await openHouse({ apiUrl: api.apiUrl, log, tokens: { kind: 'bot-token', botToken: () => token } });
    token = 'xoxb-theirs';

    const ours = await house.send(signedForm(aCommand('help')));
    const theirs = await house.send(signedForm(aCommand('help', { team_id: 'T0THEIRS' })));

    expect([ours.status, theirs.status]).to.deep.equal([200, 401]);
    expect(house.turns.map(({ speaker }) => speaker.userId)).to.deep.equal([`${team}/U0ALICE`]);
    expect(api.callsOf('auth.test')).to.have.length(2);
    expect(warned.filter((facts) => facts.includes(`belongs to T0THEIRS now, and belonged to ${team}`))).to.have.length(
      1,
    );
    expect(warned.join('')).to.not.include('xoxb-theirs');
    await house.close();
  });

  it('succeeds while Slack is away, and the first deliveries after that ask once again [C1, O5]', async () => {
    api.fails(/^auth\.test$/, 3, { status: 503 });
    const house = await openHouse({ apiUrl: api.apiUrl });

    const during = await house.send(signedForm(aCommand('help')));
    const after = await Promise.all(Array.from({ length: 5 }, () => house.send(signedForm(aCommand('help')))));

    expect(during.status).to.equal(200);
    expect(after.map(({ status }) => status)).to.deep.equal(Array(5).fill(200));
    expect(api.callsOf('auth.test')).to.have.length(4);
    await house.close();
  });

  it('has Slack send events again as long as nobody knows whose token it is [C1, O5]', async () => {
    api.fails(/^auth\.test$/, 4, { status: 503 });
    const house = await openHouse({ apiUrl: api.apiUrl });

    const answer = await house.send(signedForm(aCommand('help')));

    expect(answer.status).to.equal(503);
    expect(house.turns).to.deep.equal([]);
    await house.close();
  });

  it('names people of a whole organisation by the organisation [C1]', async () => {
    api.world.tokens.set('xoxb-org', { team: '', user: 'U0BOT', bot: 'B0BOT', enterprise: 'E0GRID', org: true });
    const house = await openHouse({ apiUrl: api.apiUrl, tokens: { kind: 'bot-token', botToken: 'xoxb-org' } });

    const of = { is_enterprise_install: 'true', enterprise_id: 'E0GRID', team_id: 'T0ANY' };
    const wrong = { is_enterprise_install: 'false', enterprise_id: 'E0GRID', team_id: 'T0ANY' };
    const answers = await Promise.all([of, wrong].map((over) => house.send(signedForm(aCommand('help', over)))));

    expect(answers.map(({ status }) => status)).to.deep.equal([200, 401]);
    expect(house.turns.map(({ speaker, conversation }) => [speaker.userId, conversation.id])).to.deep.equal([
      ['E0GRID/U0ALICE', 'E0GRID/C0OPS'],
    ]);
    await house.close();
  });

  it('knows the people of a whole organisation from those it only talks to [C1, G2]', async () => {
    api.world.tokens.set('xoxb-org', { team: '', user: 'U0BOT', bot: 'B0BOT', enterprise: 'E0GRID', org: true });
    const house = await openHouse({ apiUrl: api.apiUrl, tokens: { kind: 'bot-token', botToken: 'xoxb-org' } });
    const person = (id: string, enterprise_id: string) =>
      api.world.accounts.set(id, {
        id,
        team_id: 'T0ANY',
        name: id,
        profile: { email: 'a@example.com' },
        enterprise_user: { id, enterprise_id, teams: ['T0ANY'] },
      });
    person('U0OURS', 'E0GRID');
    person('U0THEIRS', 'E0OTHER');

    const standings = await Promise.all(['U0OURS', 'U0THEIRS'].map((id) => house.slack.profile?.(`E0GRID/${id}`)));

    expect(standings.map((profile) => profile?.standing)).to.deep.equal(['member', 'stranger']);
    await house.close();
  });
});
