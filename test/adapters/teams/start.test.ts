import { expect } from 'chai';
import { createTeams, type TeamsOptions } from '../../../adapters/teams/teams.ts';
import { welcomeView } from '../../../adapters/teams/welcome.ts';
import { createUnderstanding } from '../../../bot/understand/understand.ts';
import { systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import { createSqliteStore } from '../../../store/sqlite.ts';
import { catalog } from '../../../tools/catalog.ts';
import { noLobby } from '../no-lobby.ts';
import { added, said } from './activities.ts';
import { startConnector } from './connector.ts';
import { APP_ID, BOT, TENANT, teamsPeople, teamsPerson } from './people.ts';
import { post, startTeams } from './teams-house.ts';

const alice = teamsPerson('alice@example.com');
const credentials = { appId: APP_ID, appType: 'SingleTenant', password: 'p', tenantId: TENANT } as const;
const base = {
  credentials,
  tenants: [TENANT],
  store: await createSqliteStore({ path: ':memory:', clock: systemClock, log: silentLog }),
  clock: systemClock,
  log: silentLog,
  mode: 'LOCAL_MOCK',
} as const satisfies TeamsOptions;

describe('the start of Teams', () => {
  const refused: [what: string, options: TeamsOptions, says: string][] = [
    ['without an app id', { ...base, credentials: { ...credentials, appId: '' } }, 'MICROSOFT_APP_ID'],
    ['without a tenant', { ...base, tenants: [] }, 'TEAMS_TENANTS'],
    [
      'unchecked where AWS is real',
      { ...base, credentials: 'unauthenticated-loopback', mode: 'DRY_RUN' },
      'TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK',
    ],
  ];
  for (const [what, options, says] of refused) {
    it(`is refused ${what} [C2]`, async () => {
      const error = await createTeams(options)
        .start(async () => expect.fail(), noLobby)
        .catch((thrown: unknown) => thrown);

      expect(error).to.include({ code: 'config_invalid' });
      expect((error as { hint: string }).hint).to.contain(says);
    });
  }

  it('is what the door waits for, and after the stop it takes nothing more [O5]', async () => {
    const house = await startTeams({ started: false });
    const group = house.connector.add('19:x@thread.v2', 'groupChat', teamsPeople);
    const activity = said(alice, group, house.connector.serviceUrl, 'hello');
    const before = await house.sends(activity);
    await house.teams.start(async (turn, heard = () => {}) => {
      house.turns.push(turn);
      heard();
      return { outcome: 'answer', correlationId: 'c', text: '' };
    }, noLobby);

    const [during] = [await house.sends(activity)];
    await house.teams.stop();
    const after = await house.sends(activity);

    expect([before.status, during.status, after.status]).to.deep.equal([503, 200, 503]);
    expect(house.turns).to.have.length(1);
    await house.close();
  });
});

describe('the door of the Playground', () => {
  const open = async () => {
    const house = await startTeams({ credentials: 'unauthenticated-loopback', tenants: [], serviceHosts: undefined });
    const group = house.connector.add('group-1', 'groupChat', teamsPeople);
    return {
      house,
      activity: said(alice, group, house.connector.serviceUrl, 'hello', { recipient: { id: 'any-bot' } }),
    };
  };

  it('takes what this machine says, without a token [C2]', async () => {
    const { house, activity } = await open();

    const { status } = await post(house.port, activity);

    expect([status, house.turns[0]?.speaker.auth]).to.deep.equal([200, 'loopback']);
    await house.close();
  });

  it('refuses web pages, other names of this machine, other services and nobody’s tenant [C2]', async () => {
    const { house, activity } = await open();
    const attempts = [
      post(house.port, activity, { origin: 'https://evil.example' }),
      post(house.port, activity, { host: `rebound.evil.example:${house.port}` }),
      post(house.port, { ...activity, serviceUrl: 'http://10.0.0.1/' }),
      post(house.port, { ...activity, serviceUrl: 'https://smba.trafficmanager.net/emea/' }),
      post(house.port, { ...activity, channelData: {}, conversation: { id: 'group-1' } }),
    ];

    const answers = await Promise.all(attempts);

    expect(answers.map(({ status }) => status)).to.deep.equal([401, 401, 401, 401, 401]);
    expect(house.turns).to.deep.equal([]);
    await house.close();
  });
});

describe('the welcome in Teams', () => {
  it('is posted once for a conversation, when the bot is added or in a personal one the person [C2]', async () => {
    const house = await startTeams();
    const { serviceUrl } = house.connector;
    const group = house.connector.add('19:war-room@thread.v2', 'groupChat', teamsPeople);
    const personal = house.connector.add('a:1-alice', 'personal', [alice]);

    for (const activity of [
      added(alice, group, serviceUrl, ['29:somebody']),
      added(alice, group, serviceUrl, [BOT]),
      added(alice, group, serviceUrl, [BOT, alice.mri]),
      added(alice, personal, serviceUrl, [alice.mri, BOT]),
      added(alice, personal, serviceUrl, [alice.mri]),
    ])
      expect((await house.sends(activity)).status).to.equal(200);

    expect([group.activities.size, personal.activities.size]).to.deep.equal([1, 1]);
    expect(JSON.stringify([...group.activities.values()]))
      .to.contain('Hello, I am OpsAgent')
      .and.contain('LOCAL_MOCK');
    expect(house.turns).to.deep.equal([]);
    await house.close();
  });

  it('shows examples that are understood, and the console where there is one', () => {
    const understand = createUnderstanding({ catalog });
    const view = welcomeView({ mode: 'SANDBOX_LIVE', consoleUrl: 'https://ops.example' });

    const meant = view.examples.map(({ text }) => understand(text, { now: Date.now() }).kind);

    expect(meant).to.deep.equal(['call', 'call', 'approvals', 'help']);
    expect(view.actions?.at(-1)).to.deep.equal({ kind: 'link', label: 'Open the console', url: 'https://ops.example' });
    expect(view.note).to.equal(undefined);
  });

  it('that cannot be posted refuses nothing [C2]', async () => {
    const connector = await startConnector('another-token');
    const house = await startTeams({ connector });
    const group = connector.add('19:war-room@thread.v2', 'groupChat', teamsPeople);

    const { status } = await house.sends(added(alice, group, connector.serviceUrl, [BOT]));

    expect(status).to.equal(200);
    await house.close();
    await connector.close();
  });
});
