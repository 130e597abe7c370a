import { renderBlockKit, type SlackCard } from '../../cards/blockkit/render.ts';
import type { View } from '../../cards/view.ts';
import type { Log } from '../../lib/log.ts';
import { slackCode } from './errors.ts';

/** Slack says these of blocks that it does not take, whatever its documentation says of them. */
const TOO_MUCH = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long']);

export interface Drawing {
  consoleUrl?: string;
  log: Log;
}

/**
 * Sends a view in the best form that Slack takes: native charts and tables, then everything as text, then one line with
 * the way to the console.
 *
 * @throws whatever `send` throws for other reasons, or for the last form
 */
export async function draw<Sent>(
  view: View,
  { consoleUrl, log }: Drawing,
  send: (card: SlackCard) => Promise<Sent>,
): Promise<Sent> {
  for (const charts of ['native', 'plain'] as const) {
    try {
      return await send(renderBlockKit(view, { charts, consoleUrl }));
    } catch (thrown) {
      const slack = slackCode(thrown);
      if (slack === undefined || !TOO_MUCH.has(slack)) throw thrown;
      log.warn({ kind: view.kind, charts, slack }, 'Slack did not take a card as it was');
    }
  }
  const { text } = renderBlockKit(view, { charts: 'plain', consoleUrl });
  const link = consoleUrl === undefined ? '' : ` <${consoleUrl}|Open in console>`;
  return send({ text: text + link, blocks: [] });
}
