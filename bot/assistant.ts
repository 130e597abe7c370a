import { z } from 'zod';
import type { Caller } from '../approvals/call.ts';
import { actorOf } from '../approvals/facts-of.ts';
import { note } from '../approvals/note.ts';
import { redactView } from '../cards/redact-view.ts';
import { renderText } from '../cards/text/render.ts';
import type { Source, View } from '../cards/view.ts';
import { startDeadline } from '../lib/deadline.ts';
import { asOpsError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { Tool } from '../tools/tool.ts';
import { answerOf } from './assistant-answer.ts';
import type { AssistantParts } from './assistant-parts.ts';
import type { Answer, Assistant } from './bot-parts.ts';
import { createEvidence } from './evidence.ts';
import { openAllowance } from './llm/allowance.ts';
import { isInvestigation } from './llm/asked-to-investigate.ts';
import { asMessages, createMemory, type Exchange } from './llm/conversation.ts';
import { converse } from './llm/loop.ts';
import type { Message, ToolSpec } from './llm/model.ts';
import { usd } from './llm/prices.ts';
import { promptHashes, toolSpecs } from './llm/prompt.ts';
import type { NewRead, Task } from './llm/task.ts';
import { createUsageLedger, type Spent, type UsageLedger } from './llm/usage.ts';
import type { Conversation, Decision, Turn } from './turn.ts';
import type { Understanding } from './understand/understanding.ts';

/** A person waits for an answer this long; findings may take longer, because their progress is seen. Both end before the turn does. */
const CHAT_MS = 60_000;
const INVESTIGATION_MS = 140_000;

const WIDTH = 100;

export function createAssistant(parts: AssistantParts): Assistant {
  const memory = createMemory(parts.store);
  const usage = createUsageLedger(parts.store);
  const stopping = new AbortController();

  const answer: Assistant['answer'] = async (turn, caller, meant) => {
    const now = parts.clock.now();
    const investigation = isInvestigation(turn.text) ? newId('inv') : undefined;
    const deadline = startDeadline(
      investigation ? INVESTIGATION_MS : CHAT_MS,
      AbortSignal.any([caller.signal, stopping.signal]),
    );
    const [before, spent] = await Promise.all([
      memory.recall(turn.conversation, now),
      usage.today(caller.person.id, now),
    ]);
    const asked = { turn, caller, meant, investigation, signal: deadline.signal };
    const task = taskFor(parts, asked, before, spent);
    try {
      const over = task.allowance.beforeCall();
      if (over) return { away: over.because };
      const end = await converse(parts, task);
      return await answerOf(parts, { turn, caller, tools: task.tools, investigation, end });
    } finally {
      deadline.over();
      await account(parts, usage, { caller, specs: task.specs, spent: task.allowance.spent(), now });
    }
  };

  return {
    async warm() {
      toolSpecs(parts.catalog);
      await parts.model.warm();
    },
    stop: () => stopping.abort(new Error('the process is stopping')),
    async answer(turn, caller, meant) {
      try {
        return await answer(turn, caller, meant);
      } catch (thrown) {
        const error = asOpsError(thrown);
        if (error.code !== 'model_unavailable' && error.code !== 'model_error') throw error;
        parts.log.warn(
          { correlationId: caller.correlationId, code: error.code, ...error.facts },
          'the model did not answer',
        );
        return { away: `The model did not answer: ${error.message}` };
      }
    },
    async remember(turn, caller, shown) {
      try {
        const pressed = turn.decision && (await pressOf(parts, turn.decision, turn, caller));
        if (pressed) await memory.remember(pressed.where, pressed.exchange);
        else if (!shown.whisper && !turn.decision)
          await memory.remember(turn.conversation, exchangeOf(turn, caller, shown));
      } catch (thrown) {
        parts.log.warn({ error: asOpsError(thrown).message }, 'a conversation could not be remembered');
      }
    },
  };
}

interface Asked {
  turn: Turn;
  caller: Caller;
  /** Without a model. */
  meant: Understanding;
  investigation: string | undefined;
  signal: AbortSignal;
}

function taskFor(
  parts: AssistantParts,
  { turn, caller, meant, investigation, signal }: Asked,
  before: readonly Exchange[],
  spentToday: Spent,
): Task {
  const limits = parts.settings().value.model;
  const steps = investigation ? limits.steps_per_investigation : limits.steps_per_turn;
  const tools = allowedTools(parts, caller);
  return {
    mode: investigation ? 'investigation' : 'chat',
    ...{ caller, signal, tools },
    specs: toolSpecs([...tools.values()]),
    messages: [...asMessages(before), thisTurn(parts, turn, caller, investigation !== undefined)],
    grounds: groundsOf(turn, before),
    named: namedIn(meant, tools),
    mayPropose: !(meant.kind === 'menu' && meant.why === 'negation'),
    allowance: openAllowance({ ...limits, steps }, parts.prices, spentToday),
    mostCalls: limits.calls_per_turn,
    keep: investigation ? keeper(parts, caller, investigation) : undefined,
  };
}

/** A text is what a model is for; any other value that is missing has to come from the person. */
function namedIn(meant: Understanding, tools: ReadonlyMap<string, Tool>): string | undefined {
  if (meant.kind === 'call') return meant.tool;
  if (meant.kind !== 'ask') return undefined;
  const missing = tools.get(meant.tool)?.input.shape[meant.missing];
  return missing instanceof z.ZodType && missing.meta()?.param === 'text' ? meant.tool : undefined;
}

function allowedTools({ catalog, gate }: AssistantParts, { person }: Caller): ReadonlyMap<string, Tool> {
  return new Map(catalog.filter((tool) => gate.mayUse(person, tool)).map((tool) => [tool.name, tool]));
}

/** What changes from turn to turn stands here and not in the system prompt, which stays the same bytes. */
function thisTurn({ region, mode, clock }: AssistantParts, turn: Turn, caller: Caller, investigates: boolean): Message {
  const context = [
    `Now: ${new Date(clock.now()).toISOString()}. Region when none is named: ${region}. Mode: ${mode}.`,
    ...(investigates ? ['This is an investigation: read first, then call report_findings.'] : []),
  ];
  return {
    role: 'user',
    content: [{ kind: 'text', text: `${context.join(' ')}\n\n${caller.person.name} says: ${turn.text}` }],
  };
}

function groundsOf({ text }: Turn, before: readonly Exchange[]): Task['grounds'] {
  return { saidNow: text, saidBefore: before.map(({ said }) => said), read: before.flatMap(({ shown }) => shown) };
}

/** Each read of an investigation is kept, so that its findings can be checked later. */
function keeper({ store, clock, mode }: AssistantParts, caller: Caller, investigation: string) {
  const evidence = createEvidence(store, clock);
  return async ({ tool, command, view, outcome, ms }: NewRead): Promise<string> => {
    const { account, region } = view.source ?? NOWHERE;
    const kept = await evidence.keep({
      ...{ investigation, command, account, region, mode, view },
      tool: tool.name,
      took_ms: ms,
      person: caller.person.id,
      outcome: outcome === 'done' ? 'done' : 'failed',
      conversation: caller.conversation,
    });
    return kept.id;
  };
}

const NOWHERE: Pick<Source, 'account' | 'region'> = { account: '', region: '' };

function exchangeOf({ text, at }: Turn, { person }: Caller, { view, before = [] }: Answer): Exchange {
  const cards = [...before.map((one) => one.view), view].filter((one) => !isOwnWords(one));
  const words = isOwnWords(view) ? view.body : undefined;
  return {
    ...{ at, by: person.name, said: text, replied: words },
    shown: cards.map(asText),
  };
}

/** A press is news where the change was asked for: what was decided, and why not (G7). One that did not count is none. */
async function pressOf(
  { desk }: AssistantParts,
  { approvalId, verdict, reason }: Decision,
  { at }: Turn,
  { person }: Caller,
): Promise<{ where: Conversation; exchange: Exchange } | undefined> {
  const change = (await desk.approval(approvalId))?.value;
  if (!change?.votes.some((vote) => vote.person === person.id && vote.verdict === verdict)) return undefined;
  const said = [`pressed ${verdict} on ${approvalId}: ${change.plan.action}.`, reason].filter(Boolean).join(' ');
  return { where: change.asked_in, exchange: { at, by: person.name, said, shown: [] } };
}

/** Without secrets before it is wrapped into lines, where a secret that goes over two of them would not be recognised any more. */
function asText(card: View): Exchange['shown'][number] {
  const { title, ...rest } = redactView({ ...card, token: undefined });
  return { source: title, text: renderText({ ...rest, title } as View, { width: WIDTH, color: false }) };
}

const isOwnWords = (view: View): view is Extract<View, { kind: 'message' }> =>
  view.kind === 'message' && view.aiWritten === true;

interface Bill {
  caller: Caller;
  specs: readonly ToolSpec[];
  spent: Spent;
  now: number;
}

/** What the model did in this turn and what it cost: on record, and on the person's day (L6, C12). */
async function account(parts: AssistantParts, usage: UsageLedger, { caller, specs, spent, now }: Bill): Promise<void> {
  const { calls, tokens, costUsd } = spent;
  if (calls === 0) return;
  const recorded = note(parts, {
    type: 'model_replied',
    correlation_id: caller.correlationId,
    actor: actorOf(caller),
    turn_id: caller.turnId,
    outcome: 'done',
    summary: `${parts.model.name}: ${calls} ${calls === 1 ? 'call' : 'calls'}, ${usd(costUsd)}`,
    model: {
      name: parts.model.name,
      ...promptHashes(specs),
      calls,
      input_tokens: tokens.input + tokens.cacheRead + tokens.cacheWrite,
      output_tokens: tokens.output,
      cost_usd: costUsd,
    },
  });
  const counted = usage.add(caller.person.id, now, spent).catch((thrown: unknown) => {
    parts.log.warn({ error: asOpsError(thrown).message }, 'the usage of the model could not be counted');
  });
  await Promise.all([recorded, counted]);
}
