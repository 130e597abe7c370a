import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { usualEndpoints } from '../adapters/qbusiness/oauth-endpoints.ts';
import { openapiDocument } from '../adapters/qbusiness/openapi.ts';
import { pluginTemplate } from '../adapters/qbusiness/plugin-template.ts';
import { slackManifest } from '../adapters/slack/manifest.ts';
import { colorIcon, outlineIcon } from '../adapters/teams/icons.ts';
import { teamsManifest } from '../adapters/teams/manifest.ts';
import { teamsPackage } from '../adapters/teams/package.ts';
import type { Config } from '../lib/config.ts';
import { asOpsError, OpsError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { PolicyDocument } from '../tools/aws/session-policy.ts';
import { catalog } from '../tools/catalog.ts';
import { readRole, writeRole } from '../tools/iam-roles.ts';

type Keys = Pick<
  Config,
  | 'PUBLIC_URL'
  | 'SLACK_APP_TOKEN'
  | 'SLACK_CLIENT_ID'
  | 'MICROSOFT_APP_ID'
  | 'OIDC_ISSUER'
  | 'AWS_WRITE_ROLE_ARN'
  | 'ENVIRONMENT'
  | 'version'
>;

interface Options {
  /** Where to write; `data/manifests` when nothing is said. */
  out: string | undefined;
  /** The Slack app for Socket Mode, before there is a `SLACK_APP_TOKEN`: Slack gives one only to an app that exists. */
  socketMode: boolean;
  /** The committed example instead of this installation's own. */
  example: boolean;
}

/** Path below the folder → content. */
type Files = Record<string, Uint8Array>;

const EXAMPLE_FOLDER = fileURLToPath(new URL('../manifests', import.meta.url));
const EXAMPLE = {
  PUBLIC_URL: 'https://opsagent.example.com',
  MICROSOFT_APP_ID: '00000000-0000-0000-0000-000000000000',
  OIDC_ISSUER: 'https://login.example.com',
  AWS_WRITE_ROLE_ARN: 'arn:aws:iam::123456789012:role/OpsAgentWrite',
  ENVIRONMENT: 'staging',
};
const SLACK = 'slack/manifest.json';
const PACKAGE = 'teams/opsagent-teams.zip';

/**
 * `opsagent manifests`: what Slack, Teams, Amazon Q and IAM are set up with, made from the configuration and the catalog.
 *
 * @throws OpsError `config_invalid` when a key is missing (then nothing is written) or the folder cannot be written to
 */
export function manifests(config: Keys, { out, socketMode, example }: Options, print: (line: string) => void): void {
  const folder = example ? relative('', EXAMPLE_FOLDER) : (out ?? join('data', 'manifests'));
  const files = example ? exampleFiles(config.version) : ownFiles(config, socketMode);
  for (const [path, content] of Object.entries(files)) {
    const to = join(folder, path);
    write(to, content);
    print(to);
  }
  if (!example) for (const line of nextSteps(folder, config)) print(line);
}

/** The committed example: no zip, which nobody can read in a review. */
export function exampleFiles(version: string): Files {
  const keys = { ...EXAMPLE, version };
  const { [PACKAGE]: _, ...files } = teamsFiles(keys);
  return { ...slackFiles(keys, false), ...files, ...qbusinessFiles(keys), ...iamFiles(keys) };
}

function ownFiles(config: Keys, socketMode: boolean): Files {
  const teams = teamsFiles(config);
  return { ...slackFiles(config, socketMode), ...teams, ...qbusinessFiles(config), ...iamFiles(config) };
}

function slackFiles({ PUBLIC_URL, SLACK_APP_TOKEN, SLACK_CLIENT_ID }: Keys, socketMode: boolean): Files {
  const manifest = slackManifest({
    publicUrl: PUBLIC_URL,
    socketMode: socketMode || SLACK_APP_TOKEN !== undefined,
    oauth: SLACK_CLIENT_ID !== undefined,
    commands: catalog,
  });
  return { [SLACK]: jsonFile(manifest) };
}

function teamsFiles({ PUBLIC_URL, MICROSOFT_APP_ID, version }: Keys): Files {
  if (MICROSOFT_APP_ID === undefined) return {};
  const manifest = teamsManifest({ publicUrl: PUBLIC_URL, appId: MICROSOFT_APP_ID, version, commands: catalog });
  const files = { 'manifest.json': jsonFile(manifest), 'color.png': colorIcon(), 'outline.png': outlineIcon() };
  const placed = Object.entries(files).map(([name, content]) => [`teams/${name}`, content]);
  return { ...Object.fromEntries(placed), [PACKAGE]: teamsPackage(files) };
}

/** For Amazon Q Business, whose people sign in; what a running server says of itself is at its /openapi.json. */
function qbusinessFiles({ PUBLIC_URL: serverUrl, OIDC_ISSUER: issuer, version }: Keys): Files {
  if (issuer === undefined) return {};
  if (serverUrl === undefined)
    throw new OpsError('config_invalid', 'PUBLIC_URL is not set: it is where Amazon Q sends its calls.', {
      hint: 'Set it to the https:// address at which your reverse proxy reaches OpsAgent; docs/setup-amazon-q.md has the steps.',
    });
  const oauth = usualEndpoints(issuer);
  return {
    'qbusiness/openapi.json': jsonFile(openapiDocument({ serverUrl, version, catalog, oauth })),
    'qbusiness/plugin.yaml': Buffer.from(pluginTemplate({ serverUrl, ...oauth })),
  };
}

function iamFiles({ AWS_WRITE_ROLE_ARN: writeRoleArn, ENVIRONMENT: environment }: Keys): Files {
  const roles = { writeRoleArn, environment };
  return {
    'iam/read-role.json': jsonFile(readRole(catalog, roles)),
    'iam/write-role.json': jsonFile(writeRole(catalog, roles)),
  };
}

const jsonFile = (manifest: JsonObject | PolicyDocument): Uint8Array =>
  Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);

function write(to: string, content: Uint8Array): void {
  try {
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, content);
  } catch (cause) {
    const hint = 'Name a folder that you may write to: npx opsagent manifests --out DIR.';
    throw new OpsError('config_invalid', `${to} cannot be written: ${asOpsError(cause).message}.`, { hint, cause });
  }
}

function nextSteps(folder: string, { MICROSOFT_APP_ID, OIDC_ISSUER }: Keys): string[] {
  return [
    '',
    `Slack: at https://api.slack.com/apps press Create New App, From a manifest, and paste ${join(folder, SLACK)};`,
    '       docs/setup-slack.md goes on from there.',
    ...(MICROSOFT_APP_ID === undefined
      ? [
          'Teams: left out, because MICROSOFT_APP_ID is not set and the package must name the bot. Set it in .env to the',
          '       Application (client) ID of your app registration and run this again; see docs/setup-teams.md.',
        ]
      : [
          `Teams: under Apps, Manage your apps, press Upload an app and choose ${join(folder, PACKAGE)};`,
          '       docs/setup-teams.md has the steps before and after.',
        ]),
    OIDC_ISSUER === undefined
      ? 'Amazon Q: left out, because OIDC_ISSUER is not set and people must sign in; see docs/setup-amazon-q.md.'
      : `Amazon Q: ${join(folder, 'qbusiness')} has its document and a template; docs/setup-amazon-q.md goes on from there.`,
    `AWS:   the permissions of its two roles are in ${join(folder, 'iam')}; docs/aws-roles.md has the rest.`,
  ];
}
