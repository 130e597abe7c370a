import { z } from 'zod';
import { renderBlockKit } from '../../cards/blockkit/render.ts';
import type { View } from '../../cards/view.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Drawing } from './draw.ts';
import { isDirect, MessageTs, type Place, type Posted } from './ids.ts';
import type { SlackApi } from './web-api.ts';
import type { Workspace } from './workspaces.ts';

const Started = z.object({ ts: MessageTs });

/**
 * What a model wrote in a person's own thread appears as it does elsewhere in Slack: block by block. `undefined`: it is
 * not such an answer, or Slack did not stream it, and it has to be posted whole.
 *
 * Blocks and not `markdown_text`, where the model's words would become links and mentions.
 *
 * @see https://docs.slack.dev/reference/methods/chat.startStream
 */
export async function stream(
  api: SlackApi,
  { botToken }: Workspace,
  { channel, thread }: Omit<Place, 'org'>,
  view: View,
  { consoleUrl, log }: Drawing,
): Promise<Posted | undefined> {
  if (!view.aiWritten || view.kind !== 'message' || thread === undefined || !isDirect(channel)) return undefined;
  const [head, body, ...rest] = renderBlockKit(view, { charts: 'plain', consoleUrl }).blocks;
  const chunk = (block: unknown) => ({ chunks: [{ type: 'blocks', blocks: [block] }] });
  let ts: string | undefined;
  try {
    ({ ts } = Started.parse(
      await api.call('chat.startStream', botToken, { channel, thread_ts: thread, ...chunk(head) }),
    ));
    await api.call('chat.appendStream', botToken, { channel, ts, ...chunk(body) });
    await api.call('chat.stopStream', botToken, { channel, ts, blocks: rest });
    return { channel, ts };
  } catch (thrown) {
    log.info({ error: asOpsError(thrown).message }, 'an answer could not be streamed and is posted whole');
    if (ts !== undefined) await api.call('chat.delete', botToken, { channel, ts }).catch(() => undefined);
    return undefined;
  }
}
