import { setImmediate } from 'node:timers/promises';
import type { Caller } from '../approvals/call.ts';
import { note } from '../approvals/note.ts';
import type { Person } from '../approvals/people.ts';
import { failureView } from '../approvals/refusals.ts';
import { redactView } from '../cards/redact-view.ts';
import { renderText } from '../cards/text/render.ts';
import type { View } from '../cards/view.ts';
import { startDeadline } from '../lib/deadline.ts';
import { asOpsError } from '../lib/errors.ts';
import { newCorrelationId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import { redactJson } from '../lib/redact.ts';
import { answerTo } from './answer.ts';
import type { Answer, BotParts, Shown } from './bot-parts.ts';
import type { OnTurn } from './channel.ts';
import type { Known } from './identity.ts';
import { noteStranger, requestOf } from './notes.ts';
import { createOpenQuestions, type OpenQuestions } from './open-question.ts';
import { strangerView } from './replies.ts';
import { createHearing } from './seen.ts';
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
  const hearing = createHearing(parts);
  let stopping = false;
  const underWay = new Set<Promise<unknown>>();

  const take = async (asked: Asked, heard: (() => void) | undefined): Promise<TurnResult> => {
    const { turn, correlationId } = asked;
    const arriving = { turn, apart: heard !== undefined };
    const quiet = (outcome: TurnResult['outcome'], text: string): TurnResult => ({ outcome, text, correlationId });
    if (stopping) return quiet('failed', 'OpsAgent is stopping; say it again in a moment.');
    const caller = await callerAtOnce(parts, asked);
    const { first, recorded } = await hearing.hear(arriving, caller && requestOf(turn, caller));
    heard?.();
    // The platform's acknowledgement leaves before the work begins, which may hold this thread for milliseconds.
    if (heard) await setImmediate();
    if (!first) return quiet('answer', 'That was heard and answered before.');
    const { answer, who } = await answerFor(parts, questions, asked, { caller, recorded });
    const { result, shownThere } = await deliver(parts, turn, answer, correlationId);
    if (who) await parts.assistant?.remember(turn, who, answer, shownThere);
    await hearing.answered(arriving);
    return result;
  };

  return {
    async handleTurn(turn, heard, progress) {
      // Not cut off by a stop: what is being executed is waited for.
      const deadline = startDeadline(TURN_MS);
      const started = performance.now();
      const correlationId = newCorrelationId();
      const { channel } = turn.speaker;
      const work = parts.telemetry.span('turn', { channel, origin: turn.origin, correlationId }, async (tell) => {
        const result = await take({ turn, correlationId, signal: deadline.signal, progress }, heard);
        tell({ outcome: result.outcome, ...(result.approvalId ? { changeId: result.approvalId } : {}) });
        return result;
      });
      underWay.add(work);
      try {
        const result = await work;
        parts.telemetry.turns.inc({ channel, outcome: result.outcome });
        return result;
      } finally {
        parts.telemetry.turnSeconds.observe({ channel }, (performance.now() - started) / 1000);
        underWay.delete(work);
        deadline.over();
      }
    },
    async drain() {
      stopping = true;
      parts.assistant?.stop();
      await Promise.allSettled(underWay);
    },
  };
}

/** One turn under way. */
interface Asked {
  turn: Turn;
  correlationId: string;
  signal: AbortSignal;
  progress: ((text: string) => void) | undefined;
}

function callerOf({ channels }: BotParts, { turn, correlationId, signal, progress }: Asked, person: Person): Caller {
  const channel = channels.get(turn.conversation.channel);
  return {
    person,
    channel: turn.speaker.channel,
    userId: turn.speaker.userId,
    auth: turn.speaker.auth,
    signedInAt: turn.speaker.signedInAt,
    origin: turn.origin,
    turnId: turn.id,
    correlationId,
    conversation: turn.conversation,
    signal,
    progress: progress ?? ((text) => channel?.progress(turn.conversation, text)),
  };
}

/** Who it is, where that is known without asking the platform, which may take its time: the turn is to be heard at once. */
async function callerAtOnce(parts: BotParts, asked: Asked): Promise<Caller | undefined> {
  try {
    const known = await parts.identity.known(asked.turn.speaker);
    return known && 'person' in known ? callerOf(parts, asked, known.person) : undefined;
  } catch {
    // Asked again once the turn was heard, and then it is that turn's failure.
    return undefined;
  }
}

interface Heard {
  caller: Caller | undefined;
  /** The request has its record. */
  recorded: boolean;
}

/** What nobody expected is an answer too: what broke, and the repair. */
async function answerFor(
  parts: BotParts,
  questions: OpenQuestions,
  asked: Asked,
  { caller, recorded }: Heard,
): Promise<{ answer: Answer; who?: Caller }> {
  const { turn, correlationId } = asked;
  try {
    const who = caller ?? (await identified(parts, asked));
    if ('because' in who) return { answer: await refuseStranger(parts, turn, who, correlationId) };
    if (!recorded) await note(parts, requestOf(turn, who));
    return { answer: await answerTo(parts, questions, turn, who), who };
  } catch (thrown) {
    const error = asOpsError(thrown);
    parts.log.error({ correlationId, code: error.code, error }, 'a turn failed');
    const view = failureView('That did not work', error, correlationId);
    return { answer: { outcome: 'failed', view, whisper: turn.decision !== undefined } };
  }
}

type Stranger = Exclude<Known, { person: Person }>;

async function identified(parts: BotParts, asked: Asked): Promise<Caller | Stranger> {
  const known = await parts.identity.identify(asked.turn.speaker);
  return 'because' in known ? known : callerOf(parts, asked, known.person);
}

async function refuseStranger(parts: BotParts, turn: Turn, why: Stranger, correlationId: string): Promise<Answer> {
  await noteStranger(parts, turn, correlationId);
  return { outcome: 'denied', view: strangerView(why), whisper: true };
}

/** The answer is posted; a channel that is away does not undo what was done, so its failure is logged and the result stands. */
async function deliver(
  parts: BotParts,
  turn: Turn,
  { view, whisper, card, before = [], decided: _, output, ...result }: Answer,
  correlationId: string,
): Promise<{ result: TurnResult; shownThere: boolean }> {
  const safe = (one: View) => redactView({ ...one, correlationId: one.correlationId ?? correlationId });
  const cards: Shown[] = [...before, { view, card }].map((one) => ({ ...one, view: safe(one.view) }));
  const channel = parts.channels.get(turn.conversation.channel);
  const silent = turn.decision !== undefined && !whisper;
  // Whoever calls by REST reads the answer in the reply.
  let shownThere = turn.origin === 'api' && turn.call === undefined;
  if (whisper)
    await tried(parts, turn, correlationId, () => channel?.whisper(turn.conversation, turn.speaker.userId, safe(view)));
  else if (channel && !silent) {
    // Each by itself: a card that the platform does not take must not take the others with it.
    for (const one of cards)
      await tried(parts, turn, correlationId, async () => {
        const message = await channel.post(turn.conversation, one.view);
        shownThere = message.conversation === turn.conversation.id;
        if (one.card) await parts.dispatcher.keepCopy(message, one.card);
      });
  }
  return {
    shownThere,
    result: {
      ...result,
      correlationId,
      view: cards.at(-1)?.view,
      // Made for whoever asks for them: most channels have shown the card already.
      get output() {
        return output && redactOutput(output);
      },
      get text() {
        return cards.map((one) => renderText(one.view, { width: 100, color: false })).join('\n\n');
      },
    },
  };
}

/** A tool's output is JSON already, whatever its type says. */
const redactOutput = (output: Record<string, unknown>) => redactJson(output as JsonObject) as JsonObject;

async function tried(
  { log }: BotParts,
  { conversation: { channel } }: Turn,
  correlationId: string,
  show: () => Promise<void> | undefined,
): Promise<void> {
  try {
    await show();
  } catch (error) {
    log.warn({ correlationId, channel, error: asOpsError(error).message }, 'an answer could not be posted');
  }
}
