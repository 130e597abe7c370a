import { channel, directOf, team } from './slack-world.ts';

let made = 0;
/** Slack's ids of things that happen once. */
const fresh = (prefix: string): string => `${prefix}${String(++made).padStart(8, '0')}`;
export const freshTs = (): string => `${1_780_000_000 + made}.${String(++made).padStart(6, '0')}`;

/** `/ops …` in the channel. */
export const aCommand = (text: string, over: Record<string, string> = {}): Record<string, string> => ({
  token: 'old-verification-token',
  team_id: team,
  team_domain: 'example',
  channel_id: channel,
  channel_name: 'ops',
  user_id: 'U0ALICE',
  user_name: 'alice',
  command: '/ops',
  text,
  api_app_id: 'A0OPS',
  is_enterprise_install: 'false',
  response_url: 'https://hooks.slack.com/commands/T0OPS/1/abcdefghijklmnop',
  trigger_id: fresh('13345224609.738474920.'),
  ...over,
});

/** A delivery of the Events API. */
export const anEvent = (event: object, over: object = {}) => ({
  token: 'old-verification-token',
  team_id: team,
  context_team_id: team,
  api_app_id: 'A0OPS',
  type: 'event_callback',
  event_id: fresh('Ev'),
  event_time: 1_780_000_000,
  authorizations: [
    { enterprise_id: null, team_id: team, user_id: 'U0BOT', is_bot: true, is_enterprise_install: false },
  ],
  event,
  ...over,
});

export const aMention = (text: string, over: object = {}) => ({
  type: 'app_mention',
  user: 'U0ALICE',
  team,
  text: `<@U0BOT> ${text}`,
  ts: freshTs(),
  channel,
  event_ts: freshTs(),
  ...over,
});

/** A message on the app's Messages tab. */
export const aDirectMessage = (text: string, over: object = {}) => ({
  type: 'message',
  channel_type: 'im',
  user: 'U0ALICE',
  team,
  text,
  ts: freshTs(),
  channel: directOf('U0ALICE'),
  client_msg_id: '0b0f1a52-6c68-4f0e-9d7c-5f0b6f2f7a01',
  ...over,
});

export const anOpening = (tab: 'home' | 'messages', over: object = {}) => ({
  type: 'app_home_opened',
  user: 'U0ALICE',
  channel: directOf('U0ALICE'),
  tab,
  event_ts: freshTs(),
  ...over,
});

const who = (user: string) => ({
  user: { id: user, username: user.toLowerCase(), team_id: team },
  team: { id: team, domain: 'example' },
  enterprise: null,
  is_enterprise_install: false,
  api_app_id: 'A0OPS',
  token: 'old-verification-token',
});

interface Button {
  action_id: string;
  value?: string;
}

/** A press of a button under a message. */
export const aPress = ({ action_id, value }: Button, over: Record<string, unknown> = {}, user = 'U0ALICE') => ({
  type: 'block_actions',
  ...who(user),
  trigger_id: fresh('trigger.'),
  container: { type: 'message', message_ts: '1780000000.000001', channel_id: channel, is_ephemeral: false },
  channel: { id: channel, name: 'ops' },
  message: { type: 'message', ts: '1780000000.000001', text: 'a card' },
  response_url: 'https://hooks.slack.com/actions/T0OPS/1/abcdefghijklmnop',
  actions: [{ type: 'button', block_id: 'b1', action_id, value, action_ts: freshTs() }],
  ...over,
});

/** A dialog that was sent, with what Slack keeps of it. */
export const aSubmission = (view: object, values: object, user = 'U0ALICE', over: object = {}) => ({
  type: 'view_submission',
  ...who(user),
  trigger_id: fresh('trigger.'),
  response_urls: [],
  view: { id: fresh('V'), team_id: team, hash: 'h', app_installed_team_id: team, ...view, state: { values } },
  ...over,
});

export const aShortcut = (message: object, over: object = {}, user = 'U0ALICE') => ({
  type: 'message_action',
  ...who(user),
  callback_id: 'create_incident',
  trigger_id: fresh('trigger.'),
  message_ts: '1780000000.000001',
  channel: { id: channel, name: 'ops' },
  message: { type: 'message', user: 'U0BOB', ts: '1780000000.000001', text: 'checkout answers 503', ...message },
  response_url: 'https://hooks.slack.com/app/T0OPS/1/abcdefghijklmnop',
  ...over,
});
