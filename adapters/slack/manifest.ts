import { OpsError } from '../../lib/errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import { listing, type Offered, starters } from '../app-listing.ts';

export interface SlackManifestOptions {
  /** Where Slack reaches this process, as `PUBLIC_URL` says. */
  publicUrl: string | undefined;
  /** Slack is called instead of calling: no request URLs. */
  socketMode: boolean;
  /** Several workspaces install the app themselves, at `/slack/install`. */
  oauth: boolean;
  commands: readonly Offered[];
}

/** Exactly what OpsAgent needs; docs/setup-slack.md says what each is for. */
export const botScopes = [
  'app_mentions:read',
  'assistant:write',
  'chat:write',
  'commands',
  'im:history',
  'users:read',
  'users:read.email',
];

const BOT_EVENTS = [
  'app_context_changed',
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'message.im',
  'tokens_revoked',
];

/**
 * The app manifest that Slack takes under "From a manifest": one request URL for events, commands and presses, or none
 * with Socket Mode.
 *
 * @throws OpsError `config_invalid` without `publicUrl`, unless Socket Mode does without it
 * @see https://docs.slack.dev/reference/app-manifest
 */
export function slackManifest({ publicUrl, socketMode, oauth, commands }: SlackManifestOptions): JsonObject {
  if (publicUrl === undefined && (oauth || !socketMode)) throw noAddress();
  const events = socketMode ? undefined : `${publicUrl}/slack/events`;
  const requestUrl: JsonObject = events === undefined ? {} : { request_url: events };
  return {
    display_information: {
      name: listing.name,
      description: listing.tagline,
      long_description: listing.about,
      background_color: listing.accent,
    },
    features: featuresOf(commands, events),
    oauth_config: {
      ...(oauth && { redirect_urls: [`${publicUrl}/slack/oauth_redirect`] }),
      scopes: { bot: botScopes },
    },
    settings: {
      event_subscriptions: { ...requestUrl, bot_events: BOT_EVENTS },
      interactivity: { is_enabled: true, ...requestUrl },
      org_deploy_enabled: true,
      socket_mode_enabled: socketMode,
      token_rotation_enabled: false,
    },
  };
}

function featuresOf(commands: readonly Offered[], events: string | undefined): JsonObject {
  const first = starters(commands);
  return {
    app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
    agent_view: {
      agent_description: listing.about,
      suggested_prompts: first.map(({ title, command }) => ({ title, message: command })),
    },
    bot_user: { display_name: listing.name, always_online: true },
    shortcuts: [
      {
        name: 'Create incident',
        type: 'message',
        callback_id: 'create_incident',
        description: 'Opens an incident record from this message',
      },
    ],
    slash_commands: [
      {
        command: '/ops',
        ...(events !== undefined && { url: events }),
        description: 'Ask about AWS, or propose a change',
        usage_hint: ['help', ...first.map(({ command }) => command)].join(' | '),
        should_escape: false,
      },
    ],
  };
}

function noAddress(): OpsError {
  return new OpsError(
    'config_invalid',
    'PUBLIC_URL is not set: it is where Slack sends events, commands and presses.',
    {
      hint:
        'Set it in .env to the https:// address of your proxy or tunnel, or let nothing reach OpsAgent: ' +
        'npx opsagent manifests --socket-mode. docs/setup-slack.md goes through both.',
      facts: { keys: 'PUBLIC_URL' },
    },
  );
}
