import { randomUUID } from 'node:crypto';
import type { LookupFunction } from 'node:net';
import type { Channel } from '../../bot/channel.ts';
import { renderText } from '../../cards/text/render.ts';
import { OpsError } from '../../lib/errors.ts';
import { ForbiddenAddress, type MayDial } from '../http/dial.ts';
import { createPoster } from './poster.ts';

const WIDTH = 80;

interface Options {
  /** Whether the policy file has exactly this URL now: a message may have waited for a day. */
  isStored: (url: string) => boolean;
  mayDial: MayDial;
  /** Default: the machine's own. */
  resolve?: LookupFunction;
}

/** Posts text to a webhook as `{"text": …}`. Only URLs of the policy file are posted to, whoever asks. */
export function createWebhook({ isStored, mayDial, resolve }: Options): Channel {
  const send = createPoster(mayDial, resolve);
  const post: Channel['post'] = async ({ id: url }, view) => {
    if (!isStored(url)) throw notDelivered('the webhook is not in the policy file any more', false);
    const body = JSON.stringify({ text: renderText(view, { width: WIDTH, color: false }) });
    const status = await send(url, body).catch((cause) => Promise.reject(notSent(cause)));
    if (status < 200 || status > 299)
      throw notDelivered(`the webhook answered ${status}`, status >= 500 || status === 429);
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

function notSent(cause: unknown): OpsError {
  if (cause instanceof ForbiddenAddress) return notDelivered(cause.message, false, cause);
  return notDelivered('the webhook did not answer', true, cause);
}

function notDelivered(message: string, retryable: boolean, cause?: unknown): OpsError {
  const next = retryable ? 'the message is tried again for a day' : 'the message is not tried again';
  const hint = `Check the webhook in the policy file; ${next}.`;
  return new OpsError('delivery_failed', message, { hint, retryable, cause });
}
