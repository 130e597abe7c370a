import { z } from 'zod';

const text = (min: number, max: number) => z.string().min(min).max(max);
const Url = z.url({ protocol: /^https$/ }).max(3000);
const scopes = z.array(text(1, 50)).max(255);
const events = z.array(text(1, 50)).max(100);

const Shortcut = z.strictObject({
  name: text(1, 24),
  type: z.enum(['message', 'global']),
  callback_id: text(1, 255),
  description: text(1, 150),
});

const SlashCommand = z.strictObject({
  command: text(2, 32).startsWith('/'),
  url: Url.optional(),
  description: text(1, 2000),
  usage_hint: text(1, 1000).optional(),
  should_escape: z.boolean(),
});

const Features = z.strictObject({
  app_home: z.strictObject({
    home_tab_enabled: z.boolean(),
    messages_tab_enabled: z.boolean(),
    messages_tab_read_only_enabled: z.boolean(),
  }),
  agent_view: z.strictObject({
    agent_description: text(1, 300),
    suggested_prompts: z.array(z.strictObject({ title: text(1, 75), message: text(1, 1000) })).max(4),
  }),
  bot_user: z.strictObject({ display_name: text(1, 80), always_online: z.boolean() }),
  shortcuts: z.array(Shortcut).min(1).max(10),
  slash_commands: z.array(SlashCommand).min(1).max(50),
});

const Settings = z.strictObject({
  event_subscriptions: z.strictObject({ request_url: Url.optional(), bot_events: events }),
  interactivity: z.strictObject({ is_enabled: z.boolean(), request_url: Url.optional() }),
  org_deploy_enabled: z.boolean(),
  socket_mode_enabled: z.boolean(),
  token_rotation_enabled: z.boolean(),
});

/**
 * What Slack takes as an app manifest, as far as OpsAgent uses it: nothing else, and the lengths of Slack's own schema.
 *
 * @see https://docs.slack.dev/reference/app-manifest
 */
export const SlackManifest = z
  .strictObject({
    display_information: z.strictObject({
      name: text(1, 35),
      description: text(1, 140),
      long_description: text(175, 4000),
      background_color: z.string().regex(/^#[0-9a-fA-F]{6}$/),
    }),
    features: Features,
    oauth_config: z.strictObject({ redirect_urls: z.array(Url).optional(), scopes: z.strictObject({ bot: scopes }) }),
    settings: Settings,
  })
  .refine(
    ({ features, settings }) => {
      const { event_subscriptions, interactivity, socket_mode_enabled } = settings;
      const urls = [event_subscriptions.request_url, interactivity.request_url, features.slash_commands[0]?.url];
      return urls.every((url) => (url === undefined) === socket_mode_enabled);
    },
    { error: 'needs every request URL, or Socket Mode and none', path: ['settings'] },
  );
