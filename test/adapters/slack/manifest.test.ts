import { expect } from 'chai';
import { slackManifest } from '../../../adapters/slack/manifest.ts';
import { OpsError } from '../../../lib/errors.ts';
import { catalog } from '../../../tools/catalog.ts';
import { SlackManifest } from './manifest-rules.ts';

const options = { publicUrl: 'https://ops.example.com', socketMode: false, oauth: false, commands: catalog };

const read = (more: Partial<typeof options>) => SlackManifest.parse(slackManifest({ ...options, ...more }));

describe('the Slack manifest', () => {
  it('has Slack send events, commands and presses to one address below PUBLIC_URL [C10]', () => {
    const { features, settings, oauth_config } = read({});

    const address = 'https://ops.example.com/slack/events';
    expect(settings.event_subscriptions.request_url).to.equal(address);
    expect(settings.interactivity).to.deep.equal({ is_enabled: true, request_url: address });
    expect(features.slash_commands).to.have.length(1);
    expect(features.slash_commands[0]).to.include({ command: '/ops', url: address });
    expect(oauth_config).not.to.have.property('redirect_urls');
  });

  it('has no address in Socket Mode and needs none [C10]', () => {
    const manifest = slackManifest({ ...options, publicUrl: undefined, socketMode: true });

    const { settings } = SlackManifest.parse(manifest);
    expect(settings.socket_mode_enabled).to.equal(true);
    expect(JSON.stringify(manifest)).not.to.include('https://');
  });

  it('sends people back to OpsAgent only where workspaces install it themselves [C10]', () => {
    const { oauth_config } = read({ oauth: true });

    expect(oauth_config.redirect_urls).to.deep.equal(['https://ops.example.com/slack/oauth_redirect']);
  });

  it('asks for the scopes and events it uses, and no others [C10]', () => {
    const { oauth_config, settings } = read({});

    expect(oauth_config.scopes.bot).to.have.members([
      'app_mentions:read',
      'assistant:write',
      'chat:write',
      'commands',
      'im:history',
      'users:read',
      'users:read.email',
    ]);
    expect(settings.event_subscriptions.bot_events).to.have.members([
      'app_context_changed',
      'app_home_opened',
      'app_mention',
      'app_uninstalled',
      'message.im',
      'tokens_revoked',
    ]);
  });

  it('suggests commands of the catalog that are whole by themselves [C10]', () => {
    const { features } = read({});

    const { suggested_prompts: prompts } = features.agent_view;
    const whole = new Map(catalog.flatMap(({ examples, title }) => examples.map((example) => [example, title])));
    expect(prompts).to.have.length(4);
    for (const { title, message } of prompts) expect(whole.get(message), message).to.equal(title);
    expect(features.slash_commands[0]?.usage_hint).to.include(prompts[0]?.message);
  });

  it('is not made without an address that it needs, and says which key and what else would do [C10]', () => {
    const make = () => slackManifest({ ...options, publicUrl: undefined });

    expect(make)
      .to.throw(OpsError, /^PUBLIC_URL is not set/)
      .with.property('code', 'config_invalid');
    expect(make)
      .to.throw(OpsError)
      .with.property('hint')
      .that.matches(/--socket-mode/);
  });

  it('is refused by these rules when it is wrong [C10]', () => {
    const right = read({});
    const wrong = {
      ...right,
      display_information: { ...right.display_information, name: 'x'.repeat(36) },
      features: { ...right.features, assistant_view: {} },
      settings: { ...right.settings, socket_mode_enabled: true },
    };

    const { error } = SlackManifest.safeParse(wrong);

    const faults = error?.issues.map(({ path }) => path.join('.'));
    expect(faults).to.have.members(['display_information.name', 'features', 'settings']);
  });
});
