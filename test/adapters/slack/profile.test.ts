import { expect } from 'chai';
import { OpsError } from '../../../lib/errors.ts';
import { type SlackApi, startSlackApi } from './slack-api.ts';
import { openHouse, type SlackHouse } from './slack-house.ts';
import { type Account, team } from './slack-world.ts';

const account = (over: Partial<Account> = {}): Account => ({
  id: 'U0SOMEBODY',
  team_id: team,
  name: 'alice',
  profile: { email: 'somebody@example.com' },
  ...over,
});

describe('who is who in Slack', () => {
  let api: SlackApi;
  let house: SlackHouse;

  before(async () => {
    api = await startSlackApi();
    house = await openHouse({ apiUrl: api.apiUrl });
  });
  after(async () => {
    await house.close();
    await api.close();
  });

  const profileOf = (one: Account, id = `${team}/${one.id}`) => {
    api.world.accounts.set(one.id, one);
    return house.slack.profile?.(id);
  };

  it('gives the e-mail of a member [G2]', async () => {
    expect(await profileOf(account())).to.deep.equal({ standing: 'member', email: 'somebody@example.com' });
  });

  for (const [what, over, standing] of [
    ['a deactivated account', { deleted: true, is_restricted: true }, 'gone'],
    ['a bot', { is_bot: true }, 'bot'],
    ['Slack’s own bot', { id: 'USLACKBOT' }, 'bot'],
    ['a guest', { is_restricted: true }, 'guest'],
    ['a guest of one channel', { is_ultra_restricted: true }, 'guest'],
    ['somebody of another organisation', { is_stranger: true }, 'stranger'],
    ['somebody of another workspace', { team_id: 'T0OTHER' }, 'stranger'],
    [
      'somebody of another organisation’s workspace',
      { team_id: 'T0OTHER', enterprise_user: { id: 'W1', enterprise_id: 'E0OTHER', teams: ['T0OTHER'] } },
      'stranger',
    ],
    [
      'somebody of another Grid that says it has our workspace',
      { team_id: 'T0OTHER', enterprise_user: { id: 'W1', enterprise_id: 'E0GRID', teams: ['T0OTHER', team] } },
      'stranger',
    ],
  ] as const) {
    it(`knows ${what} as ${standing} [G2]`, async () => {
      const { standing: found } = (await profileOf(account({ ...over } as Partial<Account>))) ?? {};

      expect(found).to.equal(standing);
    });
  }

  it('does not use an e-mail that was never confirmed [G2]', async () => {
    expect(await profileOf(account({ is_email_confirmed: false }))).to.deep.equal({
      standing: 'member',
      email: undefined,
    });
  });

  it('knows nobody of a workspace it is not installed in, without asking [G2]', async () => {
    const before = api.callsOf('users.info').length;

    expect(await house.slack.profile?.('T0OTHER/U0ALICE')).to.deep.equal({ standing: 'stranger' });
    expect(api.callsOf('users.info')).to.have.length(before);
  });

  it('takes an account that Slack does not show for a stranger, and one of another id too [G2]', async () => {
    expect(await house.slack.profile?.(`${team}/U0NOBODY`)).to.deep.equal({ standing: 'stranger' });
    api.world.accounts.set('U0ASKED', account());
    expect(await house.slack.profile?.(`${team}/U0ASKED`)).to.deep.equal({ standing: 'stranger' });
  });

  it('says that nothing was done when Slack does not say who it is [G2]', async () => {
    api.fails(/^users\.info$/, 2, { status: 500 });

    const thrown: unknown = await house.slack.profile?.(`${team}/U0ALICE`).catch((error: unknown) => error);

    expect(thrown).to.be.instanceOf(OpsError).and.include({ code: 'delivery_failed', retryable: true });
    expect(thrown).to.have.property('hint', 'Nothing was done. Say it again in a minute.');
  });

  it('asks Slack a second time before it gives up [G2]', async () => {
    api.fails(/^users\.info$/, 1, { status: 503 });

    expect(await profileOf(account())).to.have.property('standing', 'member');
  });
});
