import { randomUUID } from 'node:crypto';
import type { Channel } from '../../bot/channel.ts';
import { renderText } from '../../cards/text/render.ts';
import { OpsError } from '../../lib/errors.ts';

const ANSWER_WITHIN_MS = 5_000;
const WIDTH = 80;

/**
 * Posts text to a webhook as `{"text": …}`. Only URLs of the policy file come here: the tool refuses all others.
 * Redirects are not followed, so that a stored URL cannot be turned into another address.
 */
export function createWebhook(): Channel {
  const post: Channel['post'] = async ({ id: url }, view) => {
    const body = JSON.stringify({ text: renderText(view, { width: WIDTH, color: false }) });
    const answer = await send(url, body);
    await answer.body?.cancel();
    if (!answer.ok)
      throw notDelivered(`the webhook answered ${answer.status}`, answer.status >= 500 || answer.status === 429);
    return { channel: 'webhook', conversation: url, message: randomUUID() };
  };
  return {
    name: 'webhook',
    post,
    async start() {},
    async update() {
      throw notDelivered('a webhook message cannot be edited', false);
    },
    whisper: async (to, _userId, view) => {
      await post(to, view);
    },
    progress() {},
    async stop() {},
  };
}

async function send(url: string, body: string): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal,
    });
  } catch (cause) {
    throw notDelivered('the webhook did not answer', true, cause);
  }
}

function notDelivered(message: string, retryable: boolean, cause?: unknown): OpsError {
  const next = retryable ? 'the message is tried again for a day' : 'the message is not tried again';
  const hint = `Check the webhook in the policy file; ${next}.`;
  return new OpsError('delivery_failed', message, { hint, retryable, cause });
}
