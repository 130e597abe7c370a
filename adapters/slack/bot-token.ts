import { z } from 'zod';
import { asOpsError, OpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { reveal } from '../../lib/secret.ts';
import { isForNow } from './errors.ts';
import { SlackId } from './ids.ts';
import type { SlackApi } from './web-api.ts';
import type { Tokens, Workspace, Workspaces } from './workspaces.ts';

const MaybeId = SlackId.nullish().catch(undefined);

/** https://docs.slack.dev/reference/methods/auth.test */
const AuthTest = z.object({
  team_id: MaybeId,
  enterprise_id: MaybeId,
  is_enterprise_install: z.boolean().nullish(),
  user_id: SlackId,
  bot_id: MaybeId,
});

type BotToken = Extract<Tokens, { kind: 'bot-token' }>;
type Checked = Pick<BotToken, 'workspaces'> & { botToken: string };

/**
 * The one workspace of a bot token. Slack is asked once what the token is for; when Slack is away at start, the first
 * delivery asks again, and all who wait share the answer. A token that was rotated is taken over when Slack takes it and it is of the
 * same workspace; until then the one before speaks.
 */
export function createBotTokenWorkspace({ botToken, workspaces }: BotToken, api: SlackApi, log: Log): Workspaces {
  let known: Workspace | undefined;
  let asking: Promise<Workspace> | undefined;
  let refused: string | undefined;

  const ask = (): Promise<Workspace> => {
    asking ??= checkBotToken({ botToken: reveal(botToken), workspaces }, api)
      .then((workspace) => {
        assertSame(known, workspace);
        known = workspace;
        return workspace;
      })
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };

  const present = async (): Promise<Workspace> => {
    const token = reveal(botToken);
    const before = known;
    if (before === undefined) return ask();
    if (token === before.botToken || token === refused) return before;
    return ask().catch((thrown: unknown) => {
      const error = asOpsError(thrown);
      if (!isForNow(error)) refused = token;
      log.warn({ error: error.message }, 'the rotated SLACK_BOT_TOKEN is not taken over; the one before goes on');
      return before;
    });
  };

  return {
    async start() {
      try {
        await ask();
      } catch (thrown) {
        const error = asOpsError(thrown);
        // Wrong tokens are said at start; a Slack that is slow or down is not a reason to stay down too.
        if (!isForNow(error)) throw asConfig(error);
        log.warn({ error: error.message }, 'Slack does not say yet whose token this is');
      }
    },
    async of(org) {
      const workspace = await present();
      return workspace.key === org ? workspace : undefined;
    },
    async forget(org) {
      log.error({ org }, 'OpsAgent was taken out of the Slack workspace; install it again to go on');
    },
  };
}

/**
 * Whose token it is, and that OpsAgent may be used there.
 *
 * @throws OpsError `config_invalid` for a workspace that is not named, `delivery_failed` when Slack does not take the token
 */
export async function checkBotToken({ botToken, workspaces }: Checked, api: SlackApi): Promise<Workspace> {
  const workspace = await whose(botToken, api);
  assertAllowed(workspace, workspaces);
  return workspace;
}

async function whose(botToken: string, api: SlackApi): Promise<Workspace> {
  const answer = AuthTest.safeParse(await api.call('auth.test', botToken, {}));
  const found = answer.data;
  const key = found?.is_enterprise_install ? found.enterprise_id : found?.team_id;
  if (!found || !key) {
    throw new OpsError('config_invalid', 'Slack does not say which workspace SLACK_BOT_TOKEN belongs to.', {
      hint: 'Copy the Bot User OAuth Token again from the app’s page Install App.',
    });
  }
  const { user_id: botUserId, bot_id, team_id, enterprise_id } = found;
  return {
    key,
    botToken,
    botUserId,
    botId: bot_id ?? undefined,
    teamId: team_id ?? undefined,
    enterpriseId: enterprise_id ?? undefined,
  };
}

function assertSame(before: Workspace | undefined, { key }: Workspace): void {
  if (before === undefined || before.key === key) return;
  throw new OpsError('config_invalid', `SLACK_BOT_TOKEN belongs to ${key} now, and belonged to ${before.key}.`, {
    hint: 'Use a token of the same workspace, or restart to move to another one.',
  });
}

function assertAllowed({ key }: Workspace, allowed: readonly string[] | undefined): void {
  if (allowed === undefined || allowed.includes(key)) return;
  throw new OpsError('config_invalid', `SLACK_BOT_TOKEN belongs to ${key}, which SLACK_WORKSPACES does not name.`, {
    hint: 'Add it to SLACK_WORKSPACES, or use the token of a workspace that is named there.',
  });
}

function asConfig(error: OpsError): OpsError {
  if (error.code === 'config_invalid') return error;
  return new OpsError('config_invalid', `Slack does not take SLACK_BOT_TOKEN: ${error.facts.slack ?? error.message}.`, {
    hint: 'Copy the Bot User OAuth Token again from the app’s page Install App; after changing scopes, install the app again.',
    cause: error,
  });
}
