import { expect } from 'chai';
import { aCommand, anEvent } from './payloads.ts';
import { type Answered, send, signedEvent, signedForm } from './signed-requests.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';
import { openHouse, type SlackHouse } from './slack-house.ts';

const clientSecret = 'client-secret-0123456789';
const tokens = {
  kind: 'oauth',
  clientId: '12.34',
  clientSecret,
  publicUrl: 'https://ops.example.com',
  workspaces: ['T0FIRST', 'T0SECOND', 'E0GRID'],
} as const;

describe('installing OpsAgent in Slack workspaces', () => {
  let api: SlackApi;
  let house: SlackHouse;

  beforeEach(async () => {
    api = await startSlackApi();
    house = await openHouse({ apiUrl: api.apiUrl, tokens });
  });
  afterEach(async () => {
    await house.close();
    await api.close();
  });

  const get = (path: string, headers: Record<string, string> = {}): Promise<Answered> =>
    send(house.port, { headers, body: Buffer.alloc(0) }, { method: 'GET', path });

  /** Up to Slack's consent page. */
  async function begin(): Promise<{ state: string; cookie: string; to: URL }> {
    const { headers } = await get('/slack/install');
    const to = new URL(String(headers.location));
    const [cookie = ''] = String(headers['set-cookie']).split(';');
    return { state: to.searchParams.get('state') ?? '', cookie, to };
  }

  /** What Slack has when an administrator agreed. */
  function agreed(team: string, over: { enterprise?: string; org?: boolean } = {}): string {
    const code = `code-${api.world.codes.size}-${team}`;
    api.world.codes.set(code, { token: `xoxb-${team}`, installed: { team, user: 'U0BOT', bot: 'B0BOT', ...over } });
    return code;
  }

  async function installs(team: string, over?: { enterprise?: string; org?: boolean }): Promise<Answered> {
    const { state, cookie } = await begin();
    return get(`/slack/oauth_redirect?code=${agreed(team, over)}&state=${encodeURIComponent(state)}`, { cookie });
  }

  const commandFrom = (team_id: string, over: Record<string, string> = {}) =>
    house.send(signedForm(aCommand('help', { team_id, ...over })));

  it('sends people to Slack with the scopes it needs and a state of its own [C1]', async () => {
    const { to, cookie, state } = await begin();

    expect(to.href).to.contain(api.apiUrl.replace('/api/', '/oauth/v2/authorize'));
    expect(to.searchParams.get('client_id')).to.equal('12.34');
    expect(to.searchParams.get('redirect_uri')).to.equal('https://ops.example.com/slack/oauth_redirect');
    expect(to.searchParams.get('scope')?.split(',')).to.include.members(['commands', 'chat:write']);
    expect(cookie).to.contain(state);
  });

  it('serves a workspace that was installed, and keeps it over a restart [C1, O5]', async () => {
    const answer = await installs('T0FIRST');
    const other = await openHouse({ apiUrl: api.apiUrl, tokens, store: house.store });

    const served = await other.send(signedForm(aCommand('help', { team_id: 'T0FIRST' })));

    expect(answer.status).to.equal(200);
    expect(answer.text).to.contain('OpsAgent is installed');
    expect(served.status).to.equal(200);
    expect(other.turns[0]?.speaker.userId).to.equal('T0FIRST/U0ALICE');
    await other.close();
  });

  it('does not keep a workspace that may not use it, and gives its token back [C1]', async () => {
    const answer = await installs('T0FOREIGN');

    expect(answer.status).to.equal(400);
    expect(answer.text).not.to.contain('T0FOREIGN');
    expect(api.callsOf('auth.revoke')).to.have.length(1);
    expect(api.world.tokens.has('xoxb-T0FOREIGN')).to.equal(false);
    expect((await commandFrom('T0FOREIGN')).status).to.equal(401);
  });

  it('looks at the list for each delivery, not only when installing [C1]', async () => {
    await installs('T0SECOND');
    const other = await openHouse({
      apiUrl: api.apiUrl,
      tokens: { ...tokens, workspaces: ['T0FIRST'] },
      store: house.store,
    });

    const answer = await other.send(signedForm(aCommand('help', { team_id: 'T0SECOND' })));

    expect(answer.status).to.equal(401);
    expect(other.turns).to.deep.equal([]);
    await other.close();
  });

  it('keeps a whole organisation under its own id [C1]', async () => {
    await installs('', { enterprise: 'E0GRID', org: true });

    const org = { is_enterprise_install: 'true', enterprise_id: 'E0GRID' };
    const statuses = [await commandFrom('T0ANY', org), await commandFrom('T0ANY')].map(({ status }) => status);

    expect(statuses).to.deep.equal([200, 401]);
    expect(house.turns[0]?.speaker.userId).to.equal('E0GRID/U0ALICE');
  });

  for (const [what, cookieOf, stateOf] of [
    ['without the cookie', () => '', (state: string) => state],
    ['with the cookie of another browser', () => 'slack-app-oauth-state=other', (state: string) => state],
    ['with no state', (cookie: string) => cookie, () => ''],
    ['with a state nobody signed', () => 'slack-app-oauth-state=abc', () => 'abc'],
  ] as const) {
    it(`does not take a code ${what} [C1]`, async () => {
      const { state, cookie } = await begin();
      const query = `code=${agreed('T0FIRST')}&state=${encodeURIComponent(stateOf(state))}`;

      const answer = await get(`/slack/oauth_redirect?${query}`, { cookie: cookieOf(cookie) });

      expect(answer.status).to.equal(400);
      expect(api.callsOf('oauth.v2.access')).to.deep.equal([]);
      expect((await commandFrom('T0FIRST')).status).to.equal(401);
    });
  }

  it('shows nothing of its inside when installing fails [C1]', async () => {
    const { state, cookie } = await begin();

    const paths = ['', '?error=access_denied', `?code=wrong&state=${encodeURIComponent(state)}`, '?code=%00&state=%ff'];
    const answers = await Promise.all(paths.map((query) => get(`/slack/oauth_redirect${query}`, { cookie })));

    for (const { status, text } of answers) {
      expect(status).to.equal(400);
      expect(text)
        .to.contain('OpsAgent was not installed')
        .and.not.match(/Error|jwt|invalid_code|secret/i);
    }
  });

  for (const [what, event] of Object.entries({
    'it is uninstalled': { type: 'app_uninstalled' },
    'its token is revoked': { type: 'tokens_revoked', tokens: { oauth: [], bot: ['U0BOT'] } },
  })) {
    it(`forgets a workspace when ${what} [C1]`, async () => {
      await installs('T0FIRST');
      const authorizations = [{ team_id: 'T0FIRST', enterprise_id: null, is_enterprise_install: false }];

      await house.send(signedEvent(anEvent(event, { team_id: 'T0FIRST', authorizations })));

      expect((await commandFrom('T0FIRST')).status).to.equal(401);
    });
  }

  it('keeps a workspace when only a person’s token is revoked [C1]', async () => {
    await installs('T0FIRST');
    const event = { type: 'tokens_revoked', tokens: { oauth: ['U0ALICE'], bot: [] } };
    const authorizations = [{ team_id: 'T0FIRST', enterprise_id: null, is_enterprise_install: false }];

    await house.send(signedEvent(anEvent(event, { team_id: 'T0FIRST', authorizations })));

    expect((await commandFrom('T0FIRST')).status).to.equal(200);
  });

  it('takes a second installation in place of the first [C1]', async () => {
    await installs('T0FIRST');
    const again = await installs('T0FIRST');

    expect(again.status).to.equal(200);
    expect((await commandFrom('T0FIRST')).status).to.equal(200);
  });

  it('takes e-mails for who somebody is from the first workspace only [C1, G2]', async () => {
    for (const team of ['T0FIRST', 'T0SECOND']) {
      await installs(team);
      const profile = { email: 'erin@example.com' };
      api.world.accounts.set(`U0${team}`, { id: `U0${team}`, team_id: team, name: 'erin', profile });
    }

    const profiles = ['T0FIRST', 'T0SECOND'].map((team) => house.slack.profile?.(`${team}/U0${team}`));

    expect(await Promise.all(profiles)).to.deep.equal([
      { standing: 'member', email: 'erin@example.com' },
      { standing: 'member', email: undefined },
    ]);
  });
});
