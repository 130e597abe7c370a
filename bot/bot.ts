import type { Caller } from '../approvals/call.ts';
import type { Person } from '../approvals/people.ts';
import { failureView } from '../approvals/refusals.ts';
import { redactView } from '../cards/redact-view.ts';
import { renderText } from '../cards/text/render.ts';
import { asOpsError } from '../lib/errors.ts';
import { newCorrelationId } from '../lib/ids.ts';
import { answerTo } from './answer.ts';
import type { Answer, BotParts } from './bot-parts.ts';
import type { OnTurn } from './channel.ts';
import type { Known } from './identity.ts';
import { noteStranger } from './notes.ts';
import { createOpenQuestions, type OpenQuestions } from './open-question.ts';
import { strangerView } from './replies.ts';
import { firstHearing } from './seen.ts';
import type { Turn, TurnResult } from './turn.ts';

export interface Bot {
  handleTurn: OnTurn;
  /** No new turns; resolves when those under way have ended. */
  drain(): Promise<void>;
}

/** A whole turn, an approved change's wait for a busy neighbour included, ends within this. */
const TURN_MS = 150_000;

/** One thing said becomes one answer: who is this, what is meant, may it be, what came of it. */
export function createBot(parts: BotParts): Bot {
  const questions = createOpenQuestions(parts.store);
  let stopping = false;
  const underWay = new Set<Promise<unknown>>();

  const take = async (turn: Turn, heard: () => void): Promise<TurnResult> => {
    const correlationId = newCorrelationId();
    const quiet = (outcome: TurnResult['outcome'], text: string): TurnResult => ({ outcome, text, correlationId });
    if (stopping) return quiet('failed', 'OpsAgent is stopping; say it again in a moment.');
    const first = await firstHearing(parts.store, parts.log, turn.id, turn.at);
    heard();
    if (!first) return quiet('answer', 'That was heard and answered before.');
    const answer = await answerFor(parts, questions, turn, correlationId);
    return deliver(parts, turn, answer, correlationId);
  };

  return {
    async handleTurn(turn, heard = () => {}) {
      const work = take(turn, heard);
      underWay.add(work);
      try {
        const result = await work;
        parts.telemetry.turns.inc({ channel: turn.speaker.channel, outcome: result.outcome });
        return result;
      } finally {
        underWay.delete(work);
      }
    },
    async drain() {
      stopping = true;
      await Promise.allSettled(underWay);
    },
  };
}

function callerOf({ channels }: BotParts, turn: Turn, person: Person, correlationId: string): Caller {
  const channel = channels.get(turn.conversation.channel);
  return {
    person,
    channel: turn.speaker.channel,
    userId: turn.speaker.userId,
    auth: turn.speaker.auth,
    origin: turn.origin,
    turnId: turn.id,
    correlationId,
    conversation: turn.conversation,
    // Not cut off by a stop: what is being executed is waited for.
    signal: AbortSignal.timeout(TURN_MS),
    progress: (text) => channel?.progress(turn.conversation, text),
  };
}

/** What nobody expected is an answer too: what broke, and the repair. */
async function answerFor(
  parts: BotParts,
  questions: OpenQuestions,
  turn: Turn,
  correlationId: string,
): Promise<Answer> {
  try {
    const known = await parts.identity.identify(turn.speaker);
    if ('because' in known) return await refuseStranger(parts, turn, known, correlationId);
    return await answerTo(parts, questions, turn, callerOf(parts, turn, known.person, correlationId));
  } catch (thrown) {
    const error = asOpsError(thrown);
    parts.log.error({ correlationId, code: error.code, error }, 'a turn failed');
    const view = failureView('That did not work', error, correlationId);
    return { outcome: 'failed', view, whisper: turn.decision !== undefined };
  }
}

async function refuseStranger(
  parts: BotParts,
  turn: Turn,
  why: Exclude<Known, { person: Person }>,
  correlationId: string,
): Promise<Answer> {
  await noteStranger(parts, turn, correlationId);
  return { outcome: 'denied', view: strangerView(why), whisper: true };
}

/** The answer is posted; a channel that is away does not undo what was done, so its failure is logged and the result stands. */
async function deliver(
  parts: BotParts,
  turn: Turn,
  { view, whisper, card, ...result }: Answer,
  correlationId: string,
): Promise<TurnResult> {
  const shown = redactView({ ...view, correlationId: view.correlationId ?? correlationId });
  const channel = parts.channels.get(turn.conversation.channel);
  const silent = turn.decision !== undefined && !whisper;
  try {
    if (whisper) await channel?.whisper(turn.conversation, turn.speaker.userId, shown);
    else if (channel && !silent) {
      const message = await channel.post(turn.conversation, shown);
      if (card) await parts.dispatcher.keepCopy(message, card);
    }
  } catch (error) {
    parts.log.warn(
      { correlationId, channel: turn.conversation.channel, error: asOpsError(error).message },
      'an answer could not be posted',
    );
  }
  parts.dispatcher.wake();
  return {
    ...result,
    correlationId,
    // Drawn for whoever asks for it: most channels have shown the card already.
    get text() {
      return renderText(shown, { width: 100, color: false });
    },
  };
}
