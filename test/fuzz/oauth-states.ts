import { type Random, seeded } from '../adapters/slack/seeded.ts';
import { send } from '../adapters/slack/signed-requests.ts';
import { startSlackApi } from '../adapters/slack/slack-api.ts';
import { openHouse } from '../adapters/slack/slack-house.ts';
import { changedToken, count, type DoorReport, emptyReport } from './report.ts';

const tokens = {
  kind: 'oauth',
  clientId: '12.34',
  clientSecret: 'client-secret-0123456789',
  publicUrl: 'https://ops.example.com',
  workspaces: ['T0FIRST'],
} as const;

interface Return {
  state: string;
  cookie: string;
}

/** How somebody comes back from Slack without having begun here, or with another browser's state. */
const FORGERIES: Readonly<Record<string, (mine: Return, others: Return, random: Random) => Return>> = {
  'a changed state': (mine, _others, random) => ({ ...mine, state: changedToken(mine.state, random) }),
  'a changed cookie': (mine, _others, random) => ({ ...mine, cookie: changedToken(mine.cookie, random) }),
  'both changed alike': (mine, _others, random) => {
    const state = changedToken(mine.state, random).replaceAll(/[ =+/]/g, 'x');
    return { state, cookie: `${mine.cookie.split('=')[0]}=${state}` };
  },
  'the state of another browser': (mine, others) => ({ ...mine, state: others.state }),
  'the cookie of another browser': (mine, others) => ({ ...mine, cookie: others.cookie }),
  'no cookie': (mine) => ({ ...mine, cookie: '' }),
  'no state': (mine) => ({ ...mine, state: '' }),
};

/** Returns from Slack's consent page, one in twenty of them of whoever began. */
export async function fuzzOauth(seed: number, returns: number): Promise<DoorReport> {
  const random = seeded(seed);
  const api = await startSlackApi();
  const house = await openHouse({ apiUrl: api.apiUrl, tokens });
  const get = (path: string, headers: Record<string, string> = {}) =>
    send(house.port, { headers, body: Buffer.alloc(0) }, { method: 'GET', path });
  const begin = async (): Promise<Return> => {
    const { headers } = await get('/slack/install');
    const state = new URL(String(headers.location)).searchParams.get('state') ?? '';
    return { state, cookie: String(headers['set-cookie']).split(';')[0] ?? '' };
  };
  const report = emptyReport();
  const others = await begin();
  for (let number = 0; number < returns; number += 1) {
    const mine = await begin();
    const isGood = random.below(20) === 0;
    const [how, forge] = random.pick(Object.entries(FORGERIES));
    const { state, cookie } = isGood ? mine : forge(mine, others, random);
    const code = `code-${number}`;
    api.world.codes.set(code, { token: `xoxb-${number}`, installed: { team: 'T0FIRST', user: 'U0BOT', bot: 'B0BOT' } });
    const headers: Record<string, string> = cookie === '' ? {} : { cookie };
    const { status } = await get(`/slack/oauth_redirect?code=${code}&state=${encodeURIComponent(state)}`, headers);
    count(report, isGood ? 'as it is' : how, isGood, status === 200);
  }
  await house.close();
  await api.close();
  return report;
}
