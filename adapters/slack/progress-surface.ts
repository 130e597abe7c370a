import { plain, unformatted } from '../../cards/blockkit/plain.ts';
import { type Place, Posted } from './ids.ts';
import type { Surface } from './progress-line.ts';
import type { SlackApi } from './web-api.ts';
import type { Workspace } from './workspaces.ts';

/** What shows the progress: a message that the answer can take the place of, or the thread's status, which an answer ends. */
export interface Standing {
  channel: string;
  /** Of the message. */
  ts?: string;
}

/** Sooner than this an answer is there before anybody has read what is being done. */
const messageAfterMs = 700;
const longest = 200;

/** `by` is asked when there is something to show. */
export function progressSurface(api: SlackApi, place: Place, by: () => Promise<Workspace>): Surface<Standing> {
  const { channel, thread } = place;
  return thread !== undefined && channel.startsWith('D')
    ? statusSurface(api, channel, thread, by)
    : messageSurface(api, place, by);
}

/** https://docs.slack.dev/reference/methods/assistant.threads.setStatus: an empty status takes it away. */
function statusSurface(
  api: SlackApi,
  channel: string,
  thread_ts: string,
  by: () => Promise<Workspace>,
): Surface<Standing> {
  const set = async (status: string): Promise<void> => {
    const { botToken } = await by();
    await api.call('assistant.threads.setStatus', botToken, { channel_id: channel, thread_ts, status });
  };
  return {
    afterMs: 0,
    async show(text) {
      await set(plain(text, longest));
      return { channel };
    },
    change: (_, text) => set(plain(text, longest)),
    remove: () => set(''),
  };
}

function messageSurface(api: SlackApi, { channel, thread }: Place, by: () => Promise<Workspace>): Surface<Standing> {
  const call = async (method: string, args: object) => api.call(method, (await by()).botToken, args);
  return {
    afterMs: messageAfterMs,
    async show(text) {
      const where = { channel, ...(thread !== undefined && { thread_ts: thread }) };
      return Posted.parse(await call('chat.postMessage', { ...where, ...line(text) }));
    },
    change: ({ channel, ts }, text) => call('chat.update', { channel, ts, ...line(text) }),
    remove: ({ channel, ts }) => call('chat.delete', { channel, ts }),
  };
}

function line(text: string) {
  const shown = plain(text, longest);
  return {
    text: unformatted(shown),
    blocks: [{ type: 'context', elements: [{ type: 'plain_text', text: shown, emoji: false }] }],
  };
}
