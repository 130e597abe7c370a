import type { Caller } from '../approvals/call.ts';
import { actorOf } from '../approvals/facts-of.ts';
import { note } from '../approvals/note.ts';
import type { Source } from '../cards/view.ts';
import { cleanText } from '../lib/clean-text.ts';
import { startDeadline } from '../lib/deadline.ts';
import { asOpsError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { redact } from '../lib/redact.ts';
import type { Tool } from '../tools/tool.ts';
import { answerOf } from './assistant-answer.ts';
import type { AssistantParts } from './assistant-parts.ts';
import type { Assistant } from './bot-parts.ts';
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
import { decisionOf, exchangeOf } from './remembered.ts';
import type { Turn } from './turn.ts';
import type { Understanding } from './understand/understanding.ts';

/** A person waits for an answer this long; findings may take longer, because their progress is seen. Both end before the turn does. */
const CHAT_MS = 60_000;
const INVESTIGATION_MS = 140_000;

/** As long as anything that is understood at all. */
const LONGEST_SAID = 4_000;

export function createAssistant(parts: AssistantParts): Assistant {
  const memory = createMemory(parts.store);
  const usage = createUsageLedger(parts.store);
  const stopping = new AbortController();

  const atOnce = createAtOnce();

  const answer: Assistant['answer'] = async (turn, caller, meant) => {
    const done = atOnce(caller.person.id);
    if (!done) return { away: TOO_MANY };
    try {
      return await answerOne(turn, caller, meant);
    } finally {
      done();
    }
  };

  const answerOne: Assistant['answer'] = async (turn, caller, meant) => {
    const now = parts.clock.now();
    const investigation = isInvestigation(turn.text) ? newId('inv') : undefined;
    const [before, spent] = await Promise.all([
      memory.recall(turn.conversation, now),
      usage.today(caller.person.id, now),
    ]);
    const deadline = startDeadline(
      investigation ? INVESTIGATION_MS : CHAT_MS,
      AbortSignal.any([caller.signal, stopping.signal]),
    );
    const asked = { turn, caller, meant, investigation, signal: deadline.signal };
    const task = taskFor(parts, asked, before, spent);
    try {
      const over = task.allowance.beforeCall();
      if (over) return { away: `${over.because} ${over.next}` };
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
        if (!AWAY.has(error.code)) throw error;
        parts.log.warn(
          { correlationId: caller.correlationId, code: error.code, ...error.facts },
          'the model did not answer',
        );
        return { away: error.code === 'store_unavailable' ? NO_STORE : `${error.message} ${error.hint}` };
      }
    },
    async remember(turn, caller, shown, shownThere) {
      try {
        const decision = await decisionOf(parts.desk, shown, turn, caller);
        if (decision) await memory.remember(decision.where, decision.exchange);
        if (shownThere && !turn.decision) await memory.remember(turn.conversation, exchangeOf(turn, caller, shown));
      } catch (thrown) {
        parts.log.warn({ error: asOpsError(thrown).message }, 'a conversation could not be remembered');
      }
    },
  };
}

/** Without the store nobody knows what was said, nor what the day has cost: the phrases need neither, and reads go on (A3). */
const AWAY: ReadonlySet<string> = new Set(['model_unavailable', 'model_error', 'store_unavailable']);
const NO_STORE = 'The model was not asked: the store does not answer.';

/** Turns of one person that run together do not see each other's cost: so many may pass the cap of the day, each by its own. */
const MOST_AT_ONCE = 3;
const TOO_MANY = `${MOST_AT_ONCE} of your questions are being answered by the model; ask again when one is done.`;

/** Undefined when as many run as may; else what ends this one. */
function createAtOnce(): (person: string) => (() => void) | undefined {
  const running = new Map<string, number>();
  return (person) => {
    const count = running.get(person) ?? 0;
    if (count >= MOST_AT_ONCE) return undefined;
    running.set(person, count + 1);
    return () => {
      const left = (running.get(person) ?? 1) - 1;
      if (left > 0) running.set(person, left);
      else running.delete(person);
    };
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
    understood: meant.kind === 'call' ? { tool: meant.tool, input: meant.input } : undefined,
    mayPropose: !(meant.kind === 'menu' && meant.why === 'negation'),
    allowance: openAllowance({ ...limits, steps }, parts.prices, spentToday),
    mostCalls: limits.calls_per_turn,
    keep: investigation ? keeper(parts, caller, investigation) : undefined,
  };
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
    content: [{ kind: 'text', text: `${context.join(' ')}\n\n${caller.person.name} says: ${cleanWords(turn.text)}` }],
  };
}

/** What a person pastes may hold a token or a key; the model is told neither (A5, L2). */
const cleanWords = (text: string): string => redact(cleanText(text, LONGEST_SAID, { keepLines: true }));

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
  parts.telemetry.modelCostUsd.inc(costUsd);
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
