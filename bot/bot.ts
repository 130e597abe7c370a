import type { Approval } from '../approvals/approval.ts';
import type { Audit } from '../approvals/audit.ts';
import type { Caller, GateOutcome } from '../approvals/call.ts';
import type { Desk } from '../approvals/desk.ts';
import { callerFacts } from '../approvals/facts-of.ts';
import type { Gate } from '../approvals/gate.ts';
import type { Directory, Person } from '../approvals/people.ts';
import { refusalView } from '../approvals/refusals.ts';
import { renderText } from '../cards/text/render.ts';
import type { View } from '../cards/view.ts';
import type { Clock } from '../lib/clock.ts';
import { asOpsError } from '../lib/errors.ts';
import { newCorrelationId } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import { redact } from '../lib/redact.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import type { Store } from '../store/store.ts';
import type { Tool } from '../tools/tool.ts';
import type { Channel } from './channel.ts';
import type { Dispatcher } from './dispatcher.ts';
import { helpView } from './help.ts';
import { createOpenQuestions } from './open-question.ts';
import { menuView, pendingView, questionView, strangerView } from './replies.ts';
import { firstHearing } from './seen.ts';
import type { Turn, TurnResult } from './turn.ts';
import type { OpenQuestion, Understanding } from './understand/understanding.ts';

export interface BotParts {
  store: Store;
  clock: Clock;
  log: Log;
  telemetry: Telemetry;
  people: Directory;
  gate: Gate;
  desk: Desk;
  audit: Audit;
  catalog: readonly Tool[];
  understand: (text: string, context: { now: number; open?: OpenQuestion }) => Understanding;
  channels: ReadonlyMap<string, Channel>;
  dispatcher: Dispatcher;
}

export interface Bot {
  handleTurn(turn: Turn): Promise<TurnResult>;
  /** No new turns; resolves when those under way have ended. */
  drain(): Promise<void>;
}

/** A whole turn, an approved change's wait for a busy neighbour included, ends within this. */
const TURN_MS = 150_000;

type Answer = Omit<TurnResult, 'correlationId' | 'text'> & {
  view: View;
  /** Shown to the speaker alone where the channel can. */
  whisper?: boolean;
  /** The change whose card this is. */
  card?: string;
};

/** One thing said becomes one answer: who is this, what is meant, may it be, what came of it. */
export function createBot(parts: BotParts): Bot {
  const questions = createOpenQuestions(parts.store);
  let stopping = false;
  const underWay = new Set<Promise<unknown>>();

  const take = async (turn: Turn): Promise<TurnResult> => {
    const correlationId = newCorrelationId();
    const quiet = (outcome: TurnResult['outcome'], text: string): TurnResult => ({ outcome, text, correlationId });
    if (stopping) return quiet('failed', 'OpsAgent is stopping; say it again in a moment.');
    if (!(await firstHearing(parts.store, parts.log, turn.id, turn.at)))
      return quiet('answer', 'That was heard and answered before.');
    const person = parts.people.find(turn.speaker.userId);
    const answer = person
      ? await answerTo(parts, questions, turn, callerOf(parts, turn, person, correlationId))
      : await refuseStranger(parts, turn, correlationId);
    return deliver(parts, turn, answer, correlationId);
  };

  return {
    async handleTurn(turn) {
      const work = take(turn);
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

async function refuseStranger(
  { audit, log }: BotParts,
  { speaker, id, origin }: Turn,
  correlationId: string,
): Promise<Answer> {
  const actor = {
    person: 'unknown',
    name: '',
    channel: speaker.channel,
    user_id: speaker.userId.slice(0, 200),
    auth: speaker.auth,
  };
  const facts = {
    type: 'access_denied' as const,
    correlation_id: correlationId,
    actor,
    turn_id: id,
    origin,
    outcome: 'denied',
    rule: 'allow-list',
    summary: 'Not on the allow-list',
  };
  await audit
    .record(facts)
    .catch((error: unknown) => log.error({ error: asOpsError(error).message }, 'an audit record could not be written'));
  return { outcome: 'denied', view: strangerView(speaker.userId), whisper: true };
}

async function answerTo(
  parts: BotParts,
  questions: ReturnType<typeof createOpenQuestions>,
  turn: Turn,
  caller: Caller,
): Promise<Answer> {
  if (turn.decision) {
    const { verdict, approvalId, digest, reason } = turn.decision;
    await noteRequest(parts, caller, `${verdict} ${approvalId} (button)`);
    return decided(await parts.gate.decide({ verdict, by: { approvalId, digest }, reason }, caller), true);
  }
  const now = parts.clock.now();
  const asked = await tolerate(parts, () => questions.read(turn.conversation.id, caller.person.id, now));
  const meant = parts.understand(turn.text, { now, open: asked });
  await noteRequest(parts, caller, redact(turn.text).slice(0, 500));
  const open = meant.kind === 'ask' ? { tool: meant.tool, known: meant.known, missing: meant.missing } : undefined;
  if (open || asked) await tolerate(parts, () => questions.write(turn.conversation.id, caller.person.id, open, now));
  return answerMeaning(parts, meant, caller);
}

async function answerMeaning(parts: BotParts, meant: Understanding, caller: Caller): Promise<Answer> {
  const { gate } = parts;
  switch (meant.kind) {
    case 'call': {
      const outcome = await gate.submit({ tool: meant.tool, input: meant.input }, caller);
      return { ...fromGate(outcome), understoodBy: meant.by, tool: meant.tool, input: meant.input };
    }
    case 'decide':
      return {
        ...decided(await gate.decide({ verdict: meant.verdict, by: meant.by, reason: meant.reason }, caller), false),
        understoodBy: 'grammar',
      };
    case 'ask':
      return {
        outcome: 'menu',
        view: questionView(meant),
        understoodBy: meant.by,
        tool: meant.tool,
        input: meant.known,
      };
    case 'approvals':
      return pending(parts);
    case 'show':
      return show(parts, meant.approvalId, caller);
    case 'pause':
      if (!meant.reason)
        return {
          outcome: 'menu',
          view: { kind: 'question', title: 'Why?', question: 'Pausing needs a reason. Type: pause changes because …' },
        };
      return fromGate(await gate.pause(meant.reason, caller));
    case 'resume':
      return fromGate(await gate.pause(undefined, caller));
    case 'help':
      return {
        outcome: 'answer',
        view: helpView(
          parts.catalog.filter((tool) => gate.mayUse(caller.person, tool)),
          meant.topic,
        ),
      };
    case 'menu':
      return { outcome: 'menu', view: menuView(meant) };
  }
}

function fromGate(outcome: GateOutcome): Answer {
  if (outcome.status !== 'pending')
    return { outcome: outcome.status, view: outcome.view, approvalId: outcome.approvalId };
  const { view, approvalId, token } = outcome;
  return { outcome: 'pending', view, approvalId, approvalToken: token, card: approvalId };
}

/** A press is answered on the card itself; only a refusal needs words, and only the presser needs them. */
function decided(outcome: GateOutcome, pressed: boolean): Answer {
  const answer = fromGate(outcome);
  if (outcome.status === 'denied') return { ...answer, whisper: true };
  return { ...answer, card: pressed ? undefined : outcome.approvalId };
}

async function pending({ desk }: BotParts): Promise<Answer> {
  const page = await desk.approvals({ state: 'pending', limit: 50 });
  return {
    outcome: 'answer',
    view: pendingView(
      page.rows.map(({ value }) => desk.card(value)),
      page.next !== undefined,
    ),
  };
}

async function show({ desk }: BotParts, approvalId: string, caller: Caller): Promise<Answer> {
  const row = await desk.approval(approvalId);
  if (row) return { outcome: 'answer', view: desk.card(row.value), approvalId, card: approvalId };
  const refusal = {
    rule: 'known-approval',
    because: `There is no change ${approvalId}.`,
    next: 'Type approvals to see what is waiting.',
  };
  return { outcome: 'failed', view: refusalView('Not found', refusal, caller.correlationId) };
}

/** The answer is posted; a channel that is away does not undo what was done, so its failure is logged and the result stands. */
async function deliver(
  parts: BotParts,
  turn: Turn,
  { view, whisper, card, ...result }: Answer,
  correlationId: string,
): Promise<TurnResult> {
  const shown: View = { ...view, correlationId: view.correlationId ?? correlationId };
  const channel = parts.channels.get(turn.conversation.channel);
  const silent = turn.decision !== undefined && !whisper;
  try {
    if (whisper) await channel?.whisper(turn.conversation, turn.speaker.userId, shown);
    else if (channel && !silent) {
      const message = await channel.post(turn.conversation, shown);
      const row = card && (await parts.desk.approval(card));
      if (row) await parts.dispatcher.keepCopy(message, { ...row, version: versionShown(shown, row) });
    }
  } catch (error) {
    parts.log.warn(
      { correlationId, channel: turn.conversation.channel, error: asOpsError(error).message },
      'an answer could not be posted',
    );
  }
  parts.dispatcher.wake();
  return { ...result, correlationId, text: renderText(shown, { width: 100, color: false }) };
}

/** When the change moved on while its card was on the way, the copy counts as outdated and is edited at once. */
function versionShown(shown: View, row: { version: number; value: Approval }): number {
  return shown.kind === 'approval' && shown.state === row.value.state && shown.votes.length === row.value.votes.length
    ? row.version
    : 0;
}

async function noteRequest({ audit, log }: BotParts, caller: Caller, text: string): Promise<void> {
  try {
    await audit.record({ ...callerFacts(caller), type: 'request_received', outcome: 'received', summary: text });
  } catch (error) {
    log.error(
      { correlationId: caller.correlationId, error: asOpsError(error).message },
      'an audit record could not be written',
    );
  }
}

async function tolerate<T>({ log }: BotParts, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    log.warn({ error: asOpsError(error).message }, 'an open question could not be read or kept');
    return undefined;
  }
}
