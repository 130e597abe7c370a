import { randomUUID } from 'node:crypto';
import type { SlackCard } from '../../cards/blockkit/render.ts';
import type { View } from '../../cards/view.ts';
import { sha256Hex } from '../../lib/ids.ts';
import { createKeep } from '../../lib/keep.ts';
import { type Drawing, draw } from './draw.ts';
import { slackCode } from './errors.ts';
import { type Place, Posted } from './ids.ts';
import { stream } from './stream.ts';
import type { SlackApi } from './web-api.ts';
import type { Workspace } from './workspaces.ts';

/** Messages, as Slack takes them. Every call may throw OpsError `delivery_failed`. */
export interface Posting {
  post(by: Workspace, to: Omit<Place, 'org'>, view: View): Promise<Posted>;
  change(by: Workspace, posted: Posted, view: View): Promise<void>;
  /** To one person in a channel; gone when their client starts again. */
  whisper(by: Workspace, to: Omit<Place, 'org'>, user: string, view: View): Promise<void>;
  remove(by: Workspace, posted: Posted): Promise<void>;
}

const mostUnsure = 1_000;
const quiet = { unfurl_links: false, unfurl_media: false };

export function createPosting(api: SlackApi, drawing: Drawing): Posting {
  /** Ids of messages that Slack may have although it did not answer: sent again as they are, they show once. */
  const unsure = createKeep<string>(mostUnsure);

  const say = async ({ botToken }: Workspace, { channel, thread }: Omit<Place, 'org'>, card: SlackCard) => {
    const content = { channel, ...(thread !== undefined && { thread_ts: thread }), ...card, ...quiet };
    const key = sha256Hex(JSON.stringify(content));
    const client_msg_id = unsure.get(key) ?? randomUUID();
    unsure.delete(key);
    try {
      return Posted.parse(await api.call('chat.postMessage', botToken, { ...content, client_msg_id }));
    } catch (thrown) {
      if (slackCode(thrown) === undefined) unsure.set(key, client_msg_id);
      throw thrown;
    }
  };

  return {
    async post(by, to, view) {
      const streamed = await stream(api, by, to, view, drawing);
      return streamed ?? draw(view, drawing, (card) => say(by, to, card));
    },
    async change({ botToken }, { channel, ts }, view) {
      await draw(view, drawing, (card) => api.call('chat.update', botToken, { channel, ts, ...card }));
    },
    async whisper({ botToken }, { channel, thread }, user, view) {
      const where = { channel, user, ...(thread !== undefined && { thread_ts: thread }) };
      await draw(view, drawing, (card) => api.call('chat.postEphemeral', botToken, { ...where, ...card }));
    },
    async remove({ botToken }, posted) {
      await api.call('chat.delete', botToken, posted);
    },
  };
}
