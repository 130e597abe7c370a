import { z } from 'zod';
import { OpsError } from '../../lib/errors.ts';
import { inputOf } from '../params.ts';
import { defineTool, type Notifier } from '../tool.ts';

const Input = inputOf({
  text: z
    .string()
    .trim()
    .min(1, 'some text to post, like "web-2 is back"')
    .max(3000, 'at most 3000 characters')
    .describe('What to post')
    .meta({ param: 'text' }),
  channel: z
    .string()
    .max(80, 'at most 80 characters')
    .regex(/^#?[\w.-]+$/, 'a channel name like #ops')
    .optional()
    .describe('A configured channel, like #ops; the first one when left out')
    .meta({ param: 'channel' }),
  webhook_url: z
    .url({ protocol: /^https$/, error: 'a stored https:// webhook URL, exactly as configured' })
    .max(500, 'at most 500 characters')
    .optional()
    .describe('A stored webhook URL, exactly as configured')
    .meta({ param: 'webhook' }),
}).refine(({ channel, webhook_url }) => channel === undefined || webhook_url === undefined, {
  path: ['channel'],
  error: 'channel or webhook_url, not both',
});

const Output = z.object({ posted_to: z.string(), text: z.string() });

type Destination = Parameters<Notifier['post']>[0];

/**
 * Posts a text to a channel or webhook that the configuration names; nowhere else, so that nothing can be carried out.
 * It resolves when the post is stored for delivery.
 *
 * @throws OpsError `input_invalid` with the channels that are allowed
 */
export const postSummaryToChannel = defineTool({
  name: 'post_summary_to_channel',
  title: 'Post to channel',
  summary: 'Posts a text to a configured channel or stored webhook.',
  effect: 'workflow',
  command: 'post',
  aliases: ['announce'],
  phrases: [
    'post {text} to {channel}',
    'post to {channel} {text}',
    'tell {channel} {text}',
    'send {text} to {channel}',
    'announce {text} in {channel}',
    'let {channel} know {text}',
    'post a summary to {channel} {text}',
  ],
  examples: ['post "web-2 is back, watching it" #ops'],
  iam: [],
  input: Input,
  output: Output,

  async execute({ text, channel, webhook_url }, { notify, actor, correlationId }) {
    const { to, label } = destination(notify, channel, webhook_url);
    await notify.post(to, { kind: 'message', title: `Message from ${actor.name}`, body: text, correlationId });
    return { posted_to: label, text };
  },

  view: ({ posted_to, text }) => ({ kind: 'message', title: `Posted to ${posted_to}`, status: 'good', body: text }),
});

function destination(
  notify: Notifier,
  channel: string | undefined,
  webhookUrl: string | undefined,
): { to: Destination; label: string } {
  if (webhookUrl !== undefined) {
    if (!notify.webhooks.includes(webhookUrl))
      throw notAllowed('webhook_url', 'That webhook is not stored in the configuration.', notify);
    // The path of a webhook URL is its secret: only the host is shown.
    return { to: { webhookUrl }, label: `the webhook at ${new URL(webhookUrl).host}` };
  }
  const wanted = channel === undefined ? notify.channels[0] : withHash(channel);
  const known = notify.channels.find((name) => name === wanted);
  if (known === undefined)
    throw notAllowed('channel', `${wanted ?? 'No channel'} is not a configured channel.`, notify);
  return { to: { channel: known }, label: known };
}

function withHash(channel: string): string {
  return channel.startsWith('#') ? channel : `#${channel}`;
}

function notAllowed(field: string, message: string, { channels, webhooks }: Notifier): OpsError {
  const allowed = channels.length === 0 ? 'no channel is configured' : `channels ${channels.join(', ')}`;
  const stored =
    webhooks.length === 0
      ? 'no webhook is stored'
      : `${webhooks.length} stored webhook${webhooks.length === 1 ? '' : 's'}`;
  return new OpsError('input_invalid', message, { hint: `Allowed: ${allowed}; ${stored}.`, facts: { field } });
}
