import { OpsError } from '../../lib/errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import { listing, type Offered, starters } from '../app-listing.ts';

export interface TeamsManifestOptions {
  /** Where Teams reaches this process, as `PUBLIC_URL` says. */
  publicUrl: string | undefined;
  /** The id of the Entra app registration; the bot and the Teams app have the same. */
  appId: string;
  version: string;
  commands: readonly Offered[];
}

const MOST_COMMANDS = 12;

/** The bot's own commands, which are no tools. */
const ALWAYS: readonly JsonObject[] = [
  { title: 'help', description: 'What you can ask and do' },
  { title: 'approvals', description: 'What is waiting for a decision' },
];

/**
 * The app manifest of the Teams package: a bot for one person, a chat or a team that hears only what is said to it, since
 * it asks for no permission to read along.
 *
 * @throws OpsError `config_invalid` without `publicUrl`
 * @see https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json
 */
export function teamsManifest({ publicUrl, appId, version, commands }: TeamsManifestOptions): JsonObject {
  if (publicUrl === undefined) throw noAddress();
  return {
    $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json',
    manifestVersion: '1.29',
    version,
    id: appId,
    developer: { name: listing.name, websiteUrl: publicUrl, privacyUrl: publicUrl, termsOfUseUrl: publicUrl },
    name: { short: listing.name, full: listing.name },
    description: { short: listing.tagline, full: listing.about },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: listing.accent,
    bots: [
      {
        botId: appId,
        scopes: ['personal', 'team', 'groupChat'],
        supportsFiles: false,
        isNotificationOnly: false,
        commandLists: commandLists(commands),
      },
    ],
    validDomains: [new URL(publicUrl).host],
  };
}

/** In a chat of one's own, starters that work in every account come first; elsewhere a command is what follows the mention. */
function commandLists(commands: readonly Offered[]): JsonObject[] {
  const first = starters(commands);
  const others = commands.filter((command) => !first.includes(command));
  const prompts = first.map(({ title, summary, command }) => ({
    title,
    description: summary,
    type: 'prompt',
    prompt: command,
  }));
  const alone = [...prompts, ...ALWAYS, ...others.map(basic)];
  const together = [...ALWAYS, ...commands.map(basic)];
  return [
    { scopes: ['personal'], triggers: ['mention'], commands: alone.slice(0, MOST_COMMANDS) },
    { scopes: ['team', 'groupChat'], triggers: ['mention'], commands: together.slice(0, MOST_COMMANDS) },
  ];
}

const basic = ({ command, summary }: Offered): JsonObject => ({ title: command, description: summary });

function noAddress(): OpsError {
  return new OpsError('config_invalid', 'PUBLIC_URL is not set: it is where Teams sends messages and presses.', {
    hint:
      'Set it in .env to the https:// address of your proxy or tunnel; docs/setup-teams.md goes through it. ' +
      'Without MICROSOFT_APP_ID the Teams package is left out.',
    facts: { keys: 'PUBLIC_URL' },
  });
}
