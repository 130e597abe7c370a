import type { Clock } from '../../lib/clock.ts';
import { asOpsError, OpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { reveal } from '../../lib/secret.ts';
import { checkBotToken } from './bot-token.ts';
import { isForNow } from './errors.ts';
import { createSlackApi } from './web-api.ts';
import type { Tokens } from './workspaces.ts';

interface Parts {
  apiUrl: string;
  clock: Clock;
  log: Log;
}

/**
 * Asks Slack whose bot token this is (`auth.test`), without connecting or listening.
 *
 * @returns the id of the workspace or organisation
 * @throws OpsError `config_invalid`, `delivery_failed`
 */
export async function workspaceOfToken(
  token: Extract<Tokens, { kind: 'bot-token' }>,
  { apiUrl, clock, log }: Parts,
): Promise<string> {
  const { createBolt } = await import('./bolt-app.ts');
  try {
    const { key } = await checkBotToken(
      { ...token, botToken: reveal(token.botToken) },
      createSlackApi(createBolt({ apiUrl, log }).client, clock),
    );
    return key;
  } catch (thrown) {
    const error = asOpsError(thrown);
    // Nothing tries again here, whatever the error promises to whoever posts.
    if (!isForNow(error)) throw error;
    const hint = `Check that ${new URL(apiUrl).host} can be reached from here, and try again.`;
    throw new OpsError(error.code, error.message, { hint, retryable: true, cause: error, facts: error.facts });
  }
}
