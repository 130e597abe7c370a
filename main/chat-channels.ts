import type { Door } from '../adapters/http/door.ts';
import { createSlack, type Slack, type Tokens } from '../adapters/slack/slack.ts';
import { createTeams, type Teams, type TeamsOptions } from '../adapters/teams/teams.ts';
import type { Config } from '../lib/config.ts';
import type { Secret } from '../lib/secret.ts';
import { toolByName } from '../tools/catalog.ts';
import { commandLine, type House } from './compose.ts';

/** Slack and Teams, as far as they are configured. Their vendors' packages are loaded when they start, not before. */
export function chatChannels(house: House): (Slack | Teams)[] {
  const { config, secrets } = house;
  const tokens = slackTokens(config, secrets.of('SLACK_BOT_TOKEN'));
  const credentials = teamsCredentials(config, secrets.of('MICROSOFT_APP_PASSWORD'));
  return [...(tokens ? [slack(house, tokens)] : []), ...(credentials ? [teams(house, credentials)] : [])];
}

export const doorsOf = (channels: readonly (Slack | Teams)[]): Door[] => channels.flatMap(({ doors }) => doors);

/** Slack's channel by itself, for a process that only Slack reaches (`main/lambda.ts`). */
export function slack({ config, store, clock, log, consoleUrl, secrets }: House, tokens: Tokens): Slack {
  return createSlack({
    signingSecret: secrets.of('SLACK_SIGNING_SECRET'),
    appToken: config.SLACK_APP_TOKEN,
    hears: config.ROLE !== 'worker',
    tokens,
    apiUrl: config.SLACK_API_URL,
    ...{ store, clock, log, consoleUrl },
    incidentCommand: (input) => commandLine(toolByName.get('create_incident_record'), input),
  });
}

function teams({ config, store, clock, log, consoleUrl }: House, credentials: TeamsOptions['credentials']): Teams {
  const { TEAMS_TENANTS, MICROSOFT_APP_TENANT_ID: own, EXECUTION_MODE: mode } = config;
  const tenants = TEAMS_TENANTS ?? (own === undefined ? [] : [own]);
  return createTeams({ credentials, tenants, store, clock, log, mode, consoleUrl });
}

/** How Slack is spoken to; undefined where it is not configured. `chatIssues` has made sure that the set-up is whole. */
export function slackTokens(config: Config, botToken: Secret | undefined = config.SLACK_BOT_TOKEN): Tokens | undefined {
  const { SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_WORKSPACES: workspaces, PUBLIC_URL } = config;
  if (SLACK_CLIENT_ID && SLACK_CLIENT_SECRET && PUBLIC_URL && workspaces) {
    const app = { clientId: SLACK_CLIENT_ID, clientSecret: SLACK_CLIENT_SECRET };
    return { kind: 'oauth', ...app, publicUrl: PUBLIC_URL, workspaces };
  }
  return botToken === undefined ? undefined : { kind: 'bot-token', botToken, workspaces };
}

/** How Teams is spoken to; undefined where it is not configured. */
export function teamsCredentials(
  config: Config,
  password: Secret | undefined = config.MICROSOFT_APP_PASSWORD,
): TeamsOptions['credentials'] | undefined {
  if (config.TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK) return 'unauthenticated-loopback';
  const { MICROSOFT_APP_ID: appId, MICROSOFT_APP_TYPE: appType } = config;
  if (appId === undefined) return undefined;
  return { appId, appType, password, tenantId: config.MICROSOFT_APP_TENANT_ID };
}
