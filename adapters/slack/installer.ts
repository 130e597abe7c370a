import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { HTTPReceiver, type Installation, type InstallationStore } from '@slack/bolt';
import { asOpsError, OpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { boltLogger } from './bolt-logger.ts';
import type { Installer } from './install-doors.ts';
import type { Installations } from './installations.ts';
import { botScopes } from './manifest.ts';
import { nodeFetch } from './node-fetch.ts';
import { clientOptions, type SlackApi } from './web-api.ts';
import type { Tokens, Workspace } from './workspaces.ts';

interface Parts {
  tokens: Extract<Tokens, { kind: 'oauth' }>;
  signingSecret: string;
  installations: Installations;
  api: SlackApi;
  apiUrl: string;
  log: Log;
}

/**
 * Slack's OAuth, by the installer of @slack/bolt: a signed state that lives ten minutes and has to be in the browser's
 * cookie too. Only what is allowed is kept; any other workspace's token is given back to Slack at once.
 */
export function createInstaller({ tokens, signingSecret, apiUrl, ...parts }: Parts): Installer {
  const { clientId, clientSecret, publicUrl } = tokens;
  const redirectUri = `${publicUrl}/slack/oauth_redirect`;
  // @slack/oauth is not a package of ours; its installer comes with the receiver, which itself is never started.
  const { installer } = new HTTPReceiver({
    signingSecret,
    clientId,
    clientSecret,
    stateSecret: createHmac('sha256', clientSecret).update('opsagent slack oauth state').digest('hex'),
    redirectUri,
    scopes: botScopes,
    installationStore: installationStore(parts),
    logger: boltLogger(parts.log),
    installerOptions: {
      directInstall: true,
      redirectUriPath: '/slack/oauth_redirect',
      authorizationUrl: new URL('/oauth/v2/authorize', apiUrl).href,
      clientOptions: { ...clientOptions, slackApiUrl: apiUrl, fetch: nodeFetch },
    },
  });
  if (!installer) throw new OpsError('internal', 'Bolt made no installer.', { hint: 'This is a fault in OpsAgent.' });
  return {
    install: (request, response) =>
      installer.handleInstallPath(request, response, undefined, { scopes: botScopes, redirectUri }),
    redirected: (request, response) =>
      installer.handleCallback(request, response, {
        success: (_installation, _options, _request, to) =>
          page(to, 200, 'OpsAgent is installed. You can close this page.'),
        failure: (error, _options, _request, to) => {
          parts.log.warn({ error: asOpsError(error).message }, 'OpsAgent was not installed in a Slack workspace');
          page(
            to,
            400,
            'OpsAgent was not installed. Begin again at /slack/install; if this happens again, ask the administrator of OpsAgent whether your workspace may use it.',
          );
        },
      }),
  };
}

function page(response: ServerResponse, status: number, words: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(words);
}

function installationStore({ installations, api }: Pick<Parts, 'installations' | 'api'>): InstallationStore {
  return {
    async storeInstallation(installation) {
      const workspace = workspaceOf(installation);
      if (!workspace) throw new Error('the installation has no bot or no organisation');
      if (!installations.allows(workspace.key)) {
        await api.call('auth.revoke', workspace.botToken, {});
        throw new Error(`${workspace.key} is not named in SLACK_WORKSPACES`);
      }
      await installations.keep(workspace, installation.user.id);
    },
    // Asked for by Bolt's own authorization only, which is not used.
    fetchInstallation: () => Promise.reject(new Error('installations are read from the store')),
  };
}

function workspaceOf({ bot, team, enterprise, isEnterpriseInstall }: Installation): Workspace | undefined {
  const key = isEnterpriseInstall ? enterprise?.id : team?.id;
  if (!bot || !key) return undefined;
  return {
    key,
    botToken: bot.token,
    botUserId: bot.userId,
    botId: bot.id,
    teamId: team?.id,
    enterpriseId: enterprise?.id,
  };
}
