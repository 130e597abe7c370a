import type { Speaker, Turn } from '../../bot/turn.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Reply } from '../http/reply.ts';
import { type Activity, mentionsIn, SayPress, tenantOf } from './activity.ts';
import { userIdOf, withoutThread } from './directory.ts';
import { type Invokes, refusal } from './invoke.ts';
import { typedText } from './message-text.ts';
import { channelName, type Started } from './parts.ts';
import type { Posting } from './posting.ts';
import { isFirstWelcome, welcomeView } from './welcome.ts';

const HEARD_WITHIN_MS = 2_000;

/** Told that it arrived, and nothing else: what is said in return is a message of its own. */
const received: Reply = { status: 200, body: '' };

/** What becomes of an activity that has passed every check. */
export function createHandle(
  started: Started,
  invokes: Invokes,
  posting: Posting,
): (activity: Activity) => Promise<Reply> {
  return async (activity) => {
    switch (activity.type) {
      case 'message':
        await started.directory.heard(activity);
        return message(started, activity);
      case 'invoke':
        await started.directory.heard(activity);
        return invoke(started, invokes, activity);
      case 'conversationUpdate':
        await started.directory.heard(activity);
        await welcome(started, posting, activity);
        return received;
      case 'installationUpdate':
        if (activity.action !== 'remove') await started.directory.heard(activity);
        return received;
      // Edits, reactions, typing and what Teams may come to send: nothing was said to us.
      default:
        return received;
    }
  };
}

async function message(started: Started, activity: Activity): Promise<Reply> {
  const said = speech(started, activity);
  if (!said) return received;
  if (activity.value === undefined || activity.value === null) {
    const text = typedText(activity.text ?? '', mentionsIn(activity), activity.recipient.id);
    return acknowledged(started, { ...said, origin: 'message', text });
  }
  const press = SayPress.safeParse(activity.value);
  if (!press.success) return { status: 400, body: '' };
  return acknowledged(started, { ...said, origin: 'button', text: press.data.text });
}

async function invoke(started: Started, invokes: Invokes, activity: Activity): Promise<Reply> {
  const said = speech(started, activity);
  const tenant = tenantOf(activity);
  if (activity.name !== 'adaptiveCard/action') return refusal(501, 'OpsAgent does not offer this.');
  if (!said || tenant === undefined) return refusal(400, 'OpsAgent answers people only.');
  const { id, speaker, conversation } = said;
  return invokes.answer({ id, speaker, conversation, tenant, value: activity.value });
}

/** Who says it and where; undefined when no person does. */
function speech({ options, auth }: Started, activity: Activity) {
  const { id, from, conversation } = activity;
  const tenant = tenantOf(activity);
  // 28: is how Teams marks bots.
  const isBot = from?.role === 'bot' || from?.id.startsWith('28:');
  if (!id || !from?.aadObjectId || !tenant || isBot) return undefined;
  const speaker: Speaker = { channel: channelName, userId: userIdOf(tenant, from.aadObjectId), auth };
  return {
    id: `${channelName}:${conversation.id}:${id}`,
    at: options.clock.now(),
    speaker,
    conversation: { channel: channelName, id: conversation.id },
  };
}

/** Made once: an error of its own for every message would be the dearest part of answering it. */
const known = new Error('the turn is heard');

/** Teams is answered when the turn is known to the store, or soon; the work goes on. */
async function acknowledged({ onTurn, progress, options: { clock, log } }: Started, turn: Turn): Promise<Reply> {
  const enough = new AbortController();
  const heard = () => enough.abort(known);
  const answer = progress.answerComes(turn.conversation.id);
  onTurn(turn, heard)
    .catch((error: unknown) => log.error({ turnId: turn.id, error: asOpsError(error).message }, 'a turn failed'))
    .finally(() => {
      answer.over();
      heard();
    });
  await clock.sleep(HEARD_WITHIN_MS, enough.signal).catch(() => undefined);
  return received;
}

/** Once for a conversation: when the bot is added to it, or in a personal one when the person is. */
async function welcome({ options }: Started, posting: Posting, activity: Activity): Promise<void> {
  const { recipient, conversation, membersAdded, from } = activity;
  const added = (membersAdded ?? []).map(({ id }) => id);
  const isPersonal = conversation.conversationType === 'personal';
  const concernsUs = added.includes(recipient.id) || (isPersonal && from != null && added.includes(from.id));
  if (!concernsUs) return;
  const { store, clock, log } = options;
  try {
    const id = withoutThread(conversation.id);
    if (!(await isFirstWelcome(store, id, clock.now()))) return;
    await posting.post({ channel: channelName, id }, welcomeView(options));
  } catch (error) {
    log.warn({ error: asOpsError(error).message }, 'a welcome could not be posted');
  }
}
