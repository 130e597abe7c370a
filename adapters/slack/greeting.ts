import { asOpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { catalog } from '../../tools/catalog.ts';
import { starters } from '../app-listing.ts';
import type { SlackApi } from './web-api.ts';
import type { Workspace } from './workspaces.ts';

/** At most four, Slack's cap; each works as it is. */
const prompts = starters(catalog).map(({ title, command }) => ({ title, message: command }));

/** What somebody can say who has opened the Messages tab. Never rejects. */
export async function suggestPrompts(
  { botToken }: Workspace,
  channel_id: string,
  api: SlackApi,
  log: Log,
): Promise<void> {
  try {
    await api.call('assistant.threads.setSuggestedPrompts', botToken, { channel_id, prompts });
  } catch (thrown) {
    log.info({ error: asOpsError(thrown).message }, 'suggested prompts could not be set');
  }
}
