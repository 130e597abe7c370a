import type { MessageRef } from '../../bot/channel.ts';
import type { Conversation } from '../../bot/turn.ts';
import type { View } from '../../cards/view.ts';
import { asOpsError } from '../../lib/errors.ts';
import { isOpen, type TeamsCard, teamsCard } from './card.ts';
import type { Place } from './directory.ts';
import { cardMessage, final, mentionMessage } from './outgoing.ts';
import { channelName, type Started } from './parts.ts';
import { deliveryFailed } from './transport.ts';

export interface Posting {
  post(to: Conversation, view: View): Promise<MessageRef>;
  update(message: MessageRef, view: View): Promise<void>;
  /** In the person's own conversation, which is opened when there is none yet. */
  privately(to: Conversation, userId: string, view: View): Promise<void>;
}

export function createPosting(started: Started): Posting {
  const { connector, directory, progress } = started;

  async function post(to: Conversation, view: View): Promise<MessageRef> {
    const place = await placeOf(started, to.id);
    const card = await cardAt(started, place, view);
    const streamId = await progress.end(to.id);
    const message =
      (streamId && (await closeStream(started, place, view, card, streamId))) ||
      (await connector.send(place, to.id, cardMessage(place, view, card)));
    return { channel: channelName, conversation: to.id, message };
  }

  return {
    post,
    async update({ conversation, message }, view) {
      const place = await placeOf(started, conversation);
      const activity = cardMessage(place, view, await cardAt(started, place, view));
      await connector.update(place, conversation, message, { ...activity, id: message });
    },
    async privately(to, userId, view) {
      const home = await homeOf(started, to, userId);
      if (home !== undefined) {
        await post({ channel: channelName, id: home }, view);
        return;
      }
      const [place, account] = [await placeOf(started, to.id), await directory.account(userId)];
      if (!account) throw deliveryFailed('Teams does not know whom to whisper to');
      // What was to be whispered is not said here: others read this.
      await connector.send(place, to.id, mentionMessage(place, account, cannotWhisper));
    },
  };
}

const cannotWhisper = 'the answer to that is for you alone. Say hello to me in a chat of our own, then ask again.';

/** @throws OpsError `delivery_failed`, retryable: the conversation may still be heard from */
async function placeOf({ options, directory }: Started, conversation: string): Promise<Place> {
  const place = await directory.place(conversation, options.tenants);
  if (place) return { ...place, conversation };
  throw deliveryFailed('OpsAgent was never in this conversation of Teams', {
    hint: 'Add OpsAgent to it and mention it there once.',
    retryable: true,
  });
}

/** In a person's own conversation the change has that person's buttons; where several read, nobody's. */
async function cardAt(started: Started, place: Place, view: View): Promise<TeamsCard> {
  if (view.kind !== 'approval' || !isOpen(view)) return teamsCard(view, { looks: 'everyone', refreshFor: [] });
  if (place.account !== undefined) {
    const own = await ownCard(started, place.account, view.approvalId);
    if (own) return teamsCard(own, { looks: 'viewer', refreshFor: [] });
  }
  return teamsCard(view, { looks: 'everyone', refreshFor: await refreshedFor(started, place.tenant, view) });
}

async function ownCard({ lobby, auth, options }: Started, userId: string, approvalId: string) {
  try {
    return await lobby.card({ channel: channelName, userId, auth }, approvalId);
  } catch (error) {
    options.log.warn({ approvalId, error: asOpsError(error).message }, 'a card could not be made for its reader');
    return undefined;
  }
}

/** Teams' ids of those who may decide a change or call it off, as far as they were heard from. */
export async function refreshedFor(
  { lobby, directory }: Pick<Started, 'lobby' | 'directory'>,
  tenant: string,
  { deciders = [], requester }: { deciders?: readonly string[]; requester: string },
): Promise<string[]> {
  const accounts = await lobby.accountsOf(channelName, [...deciders, requester]).catch(() => []);
  const here = accounts.filter((account) => account.startsWith(`${tenant}/`));
  const known = await Promise.all(here.map((account) => directory.account(account).catch(() => undefined)));
  return known.flatMap((account) => (account ? [account.mri] : []));
}

/** The answer in place of the lines before it; undefined when Teams does not take it so, and it has to be a message of its own. */
async function closeStream(
  { connector, options }: Started,
  place: Place,
  view: View,
  card: TeamsCard,
  streamId: string,
): Promise<string | undefined> {
  try {
    const sent = await connector.send(place, place.conversation, cardMessage(place, view, card, [final(streamId)]));
    return sent || streamId;
  } catch (error) {
    options.log.warn({ error: asOpsError(error).message }, 'a stream could not be closed with its answer');
    return undefined;
  }
}

/** The person's own conversation; undefined when there is none and Teams lets none be opened. */
async function homeOf({ connector, directory, options }: Started, to: Conversation, userId: string) {
  const account = await directory.account(userId);
  if (account?.personal !== undefined) return account.personal;
  const place = await directory.place(to.id, options.tenants);
  if (!account || !place) return undefined;
  try {
    const { bot, tenant, service_url } = place;
    const conversation = await connector.open(place, { bot, member: account.mri, tenant });
    const home: Place = { conversation, type: 'personal', service_url, tenant, bot, account: userId };
    await directory.opened(home, account);
    return conversation;
  } catch (error) {
    options.log.warn({ error: asOpsError(error).message }, 'a personal conversation could not be opened');
    return undefined;
  }
}
