import { type Envelope, Envelope as EnvelopeSchema, HomeOpened, Said, TokensRevoked } from './events.ts';
import { Command, type Interaction, Press, Shortcut, Submission } from './interactions.ts';

/** Who did it: the organisation the app is installed in, the person, and the person's own workspace where Slack says it. */
interface From {
  org: string;
  user: string;
  userTeam?: string;
}

/** What Slack delivered, read once: from here on nobody looks at a payload. */
export type Delivery =
  | ({ kind: 'said'; event: string; channel: string; thread: string; text: string } & From)
  | ({ kind: 'home'; event: string; tab: 'home' | 'messages'; channel?: string } & From)
  | { kind: 'uninstalled'; org: string }
  | ({ kind: 'command'; trigger: string; channel: string; text: string } & From)
  | ({
      kind: 'press';
      trigger: string;
      channel?: string;
      thread?: string;
      action: string;
      at: string;
      value?: string;
    } & From)
  | ({ kind: 'submission'; id: string; callback: string; view: unknown } & From)
  | ({ kind: 'shortcut'; trigger: string; callback: string; channel: string; thread: string; text: string } & From)
  /** Genuine, and nothing to do: an edit, another bot, a kind that was not asked for. */
  | { kind: 'nothing' };

const NOTHING: Delivery = { kind: 'nothing' };

/** `undefined`: not in the form Slack sends it. */
export function readDelivery(body: Readonly<Record<string, unknown>>): Delivery | undefined {
  switch (body.type) {
    case 'event_callback':
      return readEvent(body);
    case 'block_actions':
      return readPress(body);
    case 'view_submission':
      return readSubmission(body);
    case 'message_action':
      return readShortcut(body);
    case undefined:
      return readCommand(body);
    default:
      return NOTHING;
  }
}

function readEvent(body: unknown): Delivery | undefined {
  const envelope = EnvelopeSchema.safeParse(body).data;
  const org = envelope && orgOfEvent(envelope);
  if (!envelope || !org) return undefined;
  const { event, event_id } = envelope;
  switch (event.type) {
    case 'app_mention':
    case 'message':
      return readSaid(event, event_id, org);
    case 'app_home_opened':
      return readHome(event, event_id, org);
    case 'app_uninstalled':
      return { kind: 'uninstalled', org };
    case 'tokens_revoked':
      return TokensRevoked.safeParse(event).data?.tokens.bot?.length ? { kind: 'uninstalled', org } : NOTHING;
    default:
      return NOTHING;
  }
}

function orgOfEvent({ authorizations, context_team_id, team_id, enterprise_id }: Envelope): string | undefined {
  const [installed] = authorizations ?? [];
  if (installed?.is_enterprise_install) return installed.enterprise_id ?? undefined;
  return installed?.team_id ?? context_team_id ?? team_id ?? enterprise_id ?? undefined;
}

/** Mentions in channels and messages to the app itself; what changed, came from a bot or was hidden is nobody's turn. */
function readSaid(event: unknown, id: string, org: string): Delivery | undefined {
  const said = Said.safeParse(event).data;
  if (!said) return undefined;
  const { user, text, ts, thread_ts, channel, user_team, team } = said;
  if (!user || said.bot_id || said.subtype || said.hidden || said.edited) return NOTHING;
  const toTheApp = said.type === 'message' ? said.channel_type === 'im' : !channel.startsWith('D');
  if (!toTheApp) return NOTHING;
  const userTeam = user_team ?? team ?? undefined;
  return { kind: 'said', event: id, org, user, userTeam, channel, thread: thread_ts ?? ts, text: text ?? '' };
}

function readHome(event: unknown, id: string, org: string): Delivery | undefined {
  const opened = HomeOpened.safeParse(event).data;
  if (!opened) return undefined;
  const { user, channel, tab } = opened;
  if (tab !== 'home' && tab !== 'messages') return NOTHING;
  return { kind: 'home', event: id, org, user, tab, channel: channel ?? undefined };
}

function readCommand(body: unknown): Delivery | undefined {
  const command = Command.safeParse(body).data;
  if (!command) return undefined;
  const { user_id: user, channel_id: channel, trigger_id: trigger, text } = command;
  const org = command.is_enterprise_install ? command.enterprise_id : command.team_id;
  return org ? { kind: 'command', org, user, channel, trigger, text } : undefined;
}

function readPress(body: unknown): Delivery | undefined {
  const press = Press.safeParse(body).data;
  const from = press && fromOf(press);
  const [action] = press?.actions ?? [];
  if (!from || !action) return undefined;
  const { trigger_id: trigger, channel, message, container } = press;
  const thread = message?.thread_ts ?? container?.thread_ts ?? undefined;
  const { action_id, action_ts: at, value } = action;
  return {
    kind: 'press',
    ...from,
    trigger,
    channel: channel?.id,
    thread,
    action: action_id,
    at,
    value: value ?? undefined,
  };
}

function readSubmission(body: unknown): Delivery | undefined {
  const sent = Submission.safeParse(body).data;
  const from = sent && fromOf(sent, sent.view.app_installed_team_id);
  return from && { kind: 'submission', ...from, id: sent.view.id, callback: sent.view.callback_id, view: sent.view };
}

function readShortcut(body: unknown): Delivery | undefined {
  const shortcut = Shortcut.safeParse(body).data;
  const from = shortcut && fromOf(shortcut);
  if (!from) return undefined;
  const { callback_id: callback, trigger_id: trigger, channel, message } = shortcut;
  const { ts, thread_ts, text } = message;
  return {
    kind: 'shortcut',
    ...from,
    callback,
    trigger,
    channel: channel.id,
    thread: thread_ts ?? ts,
    text: text ?? '',
  };
}

function fromOf(
  { user, team, enterprise, is_enterprise_install }: Interaction,
  installedTeam?: string | null,
): From | undefined {
  const org = is_enterprise_install ? enterprise?.id : (installedTeam ?? team?.id);
  return org === undefined ? undefined : { org, user: user.id, userTeam: user.team_id ?? undefined };
}
