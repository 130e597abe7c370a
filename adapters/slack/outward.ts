import type { Channel, MessageRef } from '../../bot/channel.ts';
import type { Conversation } from '../../bot/turn.ts';
import type { View } from '../../cards/view.ts';
import { OpsError } from '../../lib/errors.ts';
import { slackCode } from './errors.ts';
import { accountOf, channelName, isDirect, type Place, type Posted, placeId, placeOf } from './ids.ts';
import type { Posting } from './posting.ts';
import type { Scene, Scenes } from './scenes.ts';
import type { Workspace, Workspaces } from './workspaces.ts';

type Outward = Pick<Channel, 'post' | 'update' | 'whisper'>;

interface Parts {
  workspaces: Workspaces;
  posting: Posting;
  scenes: Scenes;
}

/** The app is not where it should speak. */
const NOT_THERE = new Set(['not_in_channel', 'channel_not_found']);
const NOT_AMONG_THEM = new Set([...NOT_THERE, 'user_not_in_channel']);

/** What OpsAgent says in Slack. A turn's answer always reaches the person who asked. */
export function createOutward({ workspaces, posting, scenes }: Parts): Outward {
  const resolve = async (id: string): Promise<{ by: Workspace; place: Place }> => {
    const place = placeOf(id);
    if (!place) throw notInstalled(id);
    return { by: await workspaceAt(workspaces, place), place };
  };

  const post = async (to: Conversation, view: View): Promise<MessageRef> => {
    const { by, place } = await resolve(to.id);
    const scene = scenes.current(to);
    try {
      return refOf(place, await inPlaceOfProgress(posting, by, place, view, scene));
    } catch (thrown) {
      const asker = scene && isIn(NOT_THERE, thrown) ? askerIn(scene, place) : undefined;
      if (asker === undefined) throw thrown;
      return refOf({ ...place, thread: undefined }, await posting.post(by, { channel: asker }, elsewhere(view)));
    }
  };

  return {
    post,
    async update({ conversation, message }, view) {
      const { by, place } = await resolve(conversation);
      await posting.change(by, { channel: place.channel, ts: message }, view);
    },
    async whisper(to, userId, view) {
      const { by, place } = await resolve(to.id);
      if (isDirect(place.channel)) {
        await post(to, view);
        return;
      }
      const user = accountOf(userId)?.user ?? '';
      try {
        await posting.whisper(by, place, user, view);
      } catch (thrown) {
        if (!isIn(NOT_AMONG_THEM, thrown)) throw thrown;
        await posting.post(by, { channel: user }, view);
      }
    },
  };
}

/** @throws OpsError `delivery_failed` where the app is not installed */
export async function workspaceAt(workspaces: Workspaces, place: Place): Promise<Workspace> {
  const by = await workspaces.of(place.org);
  if (!by) throw notInstalled(placeId(place));
  return by;
}

/** The line that said what is being done becomes the answer; nothing of it stays when that cannot be. */
async function inPlaceOfProgress(
  posting: Posting,
  by: Workspace,
  place: Place,
  view: View,
  scene: Scene | undefined,
): Promise<Posted> {
  const { channel, ts } = (await scene?.line.take()) ?? {};
  if (channel === undefined || ts === undefined) return posting.post(by, place, view);
  try {
    await posting.change(by, { channel, ts }, view);
    return { channel, ts };
  } catch {
    await posting.remove(by, { channel, ts }).catch(() => undefined);
    return posting.post(by, place, view);
  }
}

const isIn = (codes: ReadonlySet<string>, thrown: unknown): boolean => codes.has(slackCode(thrown) ?? '');

/** Whom the app can write to; somebody of another organisation it cannot. */
function askerIn({ turn }: Scene, { org }: Place): string | undefined {
  const asker = accountOf(turn.speaker.userId);
  return asker?.org === org ? asker.user : undefined;
}

/** The message as it is known later; a message to a person hangs in the direct channel that Slack opened. */
const refOf = ({ org, thread }: Place, { channel, ts }: Posted): MessageRef => ({
  channel: channelName,
  conversation: placeId({ org, channel, thread }),
  message: ts,
});

function elsewhere(view: View): View {
  const why = 'The answer is here because OpsAgent is not in that channel; /invite @OpsAgent there brings it in.';
  return { ...view, note: view.note === undefined ? why : `${view.note} ${why}` };
}

function notInstalled(id: string): OpsError {
  return new OpsError('delivery_failed', `OpsAgent is not installed in Slack where ${id.slice(0, 80)} is.`, {
    hint: 'A conversation is T…/C… or E…/C…, as docs/setup-slack.md shows; install the app in that workspace.',
  });
}
