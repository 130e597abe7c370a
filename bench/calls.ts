import { createHmac } from 'node:crypto';
import { instanceId } from './quick-aws.ts';

/** One HTTP request of a platform. */
export interface Call {
  path: string;
  /** POST when left out. */
  method?: 'GET' | 'POST';
  headers: Record<string, string>;
  body: string;
}

type Maker = (more: Record<string, string>) => (n: number) => Call;

export const SLACK_SECRET = 'signing-secret-of-the-bench';
export const SLACK_TEAM = 'T0BENCH01';
/** People who speak in turn: each has a few changes pending, as people do. */
export const PEOPLE = 4_000;
export const slackUser = (n: number): string => `U${String(n % PEOPLE).padStart(8, '0')}`;

const reboot = (n: number): string => `ec2 reboot ${instanceId(n)} reason="it does not answer"`;

/** What the load generator sends, by kind. Number n is always the same change. */
export const callsOf = {
  'slack-propose': () => (n) => slackCommand(reboot(n), n),
  'slack-help': () => (n) => slackCommand('help', n),
  'slack-ask': () => (n) => slackCommand('how would you say are our machines doing today', n),
  health: () => () => ({ path: '/health', method: 'GET', headers: {}, body: '' }),
  'slack-mention-again': ({ events = '1' }) => mentionsAgain(Number(events)),
  'teams-propose': (more) => (n) => teamsMessage(reboot(n), n, more),
  'teams-help': (more) => (n) => teamsMessage('help', n, more),
  'rest-read': () => (n) => restCall('diagnostic', 'list_ec2_instances', { max_results: 20 }, n),
  'rest-propose': () => (n) =>
    restCall('propose', 'reboot_ec2', { instance_id: instanceId(n), reason: 'it does not answer' }, n),
} satisfies Record<string, Maker>;

/** The form of a slash command, about 480 bytes, signed as Slack signs it. */
function slackCommand(text: string, n: number): Call {
  const form = new URLSearchParams({
    token: 'verification-token-of-old',
    team_id: SLACK_TEAM,
    team_domain: 'bench',
    channel_id: 'C0BENCH01',
    channel_name: 'ops',
    user_id: slackUser(n),
    user_name: 'somebody',
    command: '/ops',
    text,
    api_app_id: 'A0BENCH01',
    is_enterprise_install: 'false',
    response_url: 'https://hooks.slack.com/commands/T0BENCH01/1/abcdefghijklmnop',
    trigger_id: `13345224609.738474920.${n}`,
  });
  return signedBySlack(form.toString(), 'application/x-www-form-urlencoded', Math.floor(Date.now() / 1000));
}

/** As a program sends it for a person, about 150 bytes. */
function restCall(place: string, operation: string, parameters: object, n: number): Call {
  return {
    path: `/operations/${place}`,
    headers: { 'content-type': 'application/json', 'x-bench-person': `p${n % PEOPLE}@example.com` },
    body: JSON.stringify({ operation, parameters }),
  };
}

/** Each event one to five times, three times on average, shuffled; always the same order. */
function mentionsAgain(events: number): (n: number) => Call {
  const deliveries = Array.from({ length: events }, (_, event) =>
    Array.from({ length: 1 + (event % 5) }, (_, copy) => ({ event, copy })),
  ).flat();
  let seed = 2026;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  const shuffled = deliveries.map((one) => ({ one, at: random() })).sort((a, b) => a.at - b.at);
  return (n) => {
    const { event = 0, copy = 0 } = shuffled[n % shuffled.length]?.one ?? {};
    return slackMention(event, copy);
  };
}

function slackMention(event: number, copy: number): Call {
  const ts = `1780000000.${String(event).padStart(6, '0')}`;
  const said = {
    type: 'app_mention',
    user: slackUser(event),
    team: SLACK_TEAM,
    channel: 'C0BENCH01',
    ts,
    event_ts: ts,
  };
  const installed = { enterprise_id: null, team_id: SLACK_TEAM, user_id: 'U0BENCHBOT', is_bot: true };
  const body = {
    type: 'event_callback',
    team_id: SLACK_TEAM,
    context_team_id: SLACK_TEAM,
    api_app_id: 'A0BENCH01',
    event_id: `Ev${String(event).padStart(8, '0')}`,
    event_time: 1_780_000_000,
    authorizations: [{ ...installed, is_enterprise_install: false }],
    event: { ...said, text: `<@U0BENCHBOT> ${reboot(event)}` },
  };
  // Slack's later tries are signed later; here a second apart, so that no two are the same request.
  return signedBySlack(JSON.stringify(body), 'application/json', Math.floor(Date.now() / 1000) - copy * 7);
}

function signedBySlack(body: string, type: string, seconds: number): Call {
  const digest = createHmac('sha256', SLACK_SECRET).update(`v0:${seconds}:${body}`).digest('hex');
  return {
    path: '/slack/events',
    headers: {
      'content-type': type,
      'x-slack-request-timestamp': String(seconds),
      'x-slack-signature': `v0=${digest}`,
    },
    body,
  };
}

export const TEAMS_APP = '00000000-0000-4000-8000-0000000000aa';
export const TEAMS_TENANT = '00000000-0000-4000-8000-0000000000bb';
export const teamsUser = (n: number): string => `00000000-0000-4000-9000-${String(n % PEOPLE).padStart(12, '0')}`;

/** A message in a person's own conversation, about 1.1 kB, with the token that the Bot Framework sends with all of an hour. */
function teamsMessage(text: string, n: number, { serviceUrl = '', token = '' }: Record<string, string>): Call {
  const who = n % PEOPLE;
  const activity = {
    type: 'message',
    id: `1780000000${n}`,
    timestamp: '2026-11-25T12:00:00.000Z',
    localTimestamp: '2026-11-25T13:00:00.000+01:00',
    localTimezone: 'Europe/Berlin',
    channelId: 'msteams',
    serviceUrl,
    from: { id: `29:bench-person-${who}`, name: `Person ${who}`, aadObjectId: teamsUser(n) },
    conversation: { id: `a:bench-conversation-of-${who}`, conversationType: 'personal', tenantId: TEAMS_TENANT },
    recipient: { id: `28:${TEAMS_APP}`, name: 'OpsAgent' },
    textFormat: 'plain',
    text,
    entities: [{ type: 'clientInfo', locale: 'en-GB', country: 'GB', platform: 'Windows', timezone: 'Europe/Berlin' }],
    channelData: { tenant: { id: TEAMS_TENANT } },
    locale: 'en-GB',
  };
  return {
    path: '/api/messages',
    headers: { 'content-type': 'application/json; charset=utf-8', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(activity),
  };
}
