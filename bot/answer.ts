import type { Caller, GateOutcome } from '../approvals/call.ts';
import { refusalView } from '../approvals/refusals.ts';
import { asOpsError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Answer, BotParts } from './bot-parts.ts';
import { detailsView } from './details.ts';
import { cardOf, fromGate } from './from-gate.ts';
import { helpView } from './help.ts';
import { isInvestigation } from './llm/asked-to-investigate.ts';
import type { OpenQuestions } from './open-question.ts';
import { menuView, pendingView, questionView } from './replies.ts';
import { showRead } from './show-read.ts';
import type { Turn } from './turn.ts';
import type { Understanding } from './understand/understanding.ts';
import { usage } from './usage-answer.ts';

/** What a known person's turn leads to: understood, then put to the gate or answered from what is stored. */
export async function answerTo(parts: BotParts, questions: OpenQuestions, turn: Turn, caller: Caller): Promise<Answer> {
  if (turn.decision) {
    const { verdict, reason, ...by } = turn.decision;
    const outcome = await parts.gate.decide({ verdict, by, reason }, caller);
    return { ...decided(outcome, true), decided: { verdict, reason } };
  }
  if (turn.call) {
    const { tool, input, cautions } = turn.call;
    return {
      ...fromGate(await parts.gate.submit({ tool, input: input as JsonObject, cautions }, caller)),
      tool,
      input,
    };
  }
  const now = parts.clock.now();
  const asked = await tolerate(parts, () => questions.read(turn.conversation, caller.person.id, now));
  const meant = parts.understand(turn.text, { now, open: asked });
  const answered = await byModelOrRules(parts, turn, caller, meant);
  const open = meant.kind === 'ask' && answered.understoodBy !== 'model' ? openOf(meant) : undefined;
  if (open || asked) await tolerate(parts, () => questions.write(turn.conversation, caller.person.id, open, now));
  return answered;
}

const openOf = ({ tool, known, missing }: Extract<Understanding, { kind: 'ask' }>) => ({ tool, known, missing });

/** Exact words are taken as they are; what needs understanding goes to the model, and to the phrases when it is not there (L4). */
async function byModelOrRules(parts: BotParts, turn: Turn, caller: Caller, meant: Understanding): Promise<Answer> {
  if (!needsModel(meant)) return answerMeaning(parts, meant, caller);
  if (!parts.assistant) {
    const answer = await answerMeaning(parts, meant, caller);
    return meant.kind === 'menu' && isInvestigation(turn.text) ? noted(answer, NEEDS_MODEL) : answer;
  }
  const answered = await parts.assistant.answer(turn, caller, corrected(parts, turn.text, meant));
  if (!('away' in answered)) return answered;
  const without = meant.kind === 'call' ? 'This was understood without it.' : '';
  const missed = isInvestigation(turn.text) ? 'The investigation was not made.' : without;
  return noted(await answerMeaning(parts, meant, caller), [answered.away, missed].filter(Boolean).join(' '));
}

const NEEDS_MODEL = 'An investigation needs a model, and none is set up: docs/model.md says how.';

function noted(answer: Answer, note: string): Answer {
  return { ...answer, view: { ...answer.view, note: [note, answer.view.note].filter(Boolean).join(' ') } };
}

const NO = /^\s*(?:no|nope|wrong|not that(?: one)?)\s*[,.;:!–-]\s*/i;

/** 'no, reboot the other one' takes back what was understood before, not what it asks for. 'no need to reboot it' asks for nothing. */
function corrected({ understand, clock }: BotParts, text: string, meant: Understanding): Understanding {
  if (meant.kind !== 'menu' || !NO.test(text)) return meant;
  const rest = understand(text.replace(NO, ''), { now: clock.now() });
  return rest.kind === 'call' || rest.kind === 'ask' ? rest : meant;
}

/** Whether the words go to the model where there is one. */
export function needsModel(meant: Understanding): boolean {
  if (meant.kind === 'call') return meant.by === 'phrases';
  if (meant.kind === 'menu') return meant.why !== 'greeting' && meant.why !== 'empty' && meant.why !== 'too_long';
  return meant.kind === 'ask';
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
        decided: { verdict: meant.verdict, reason: meant.reason },
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
    case 'show_by_token':
      return showByToken(parts, meant.token, caller);
    case 'details':
      return details(parts, meant.approvalId, caller);
    case 'show_read':
      return showRead({ ...parts, mayUse: mayUse(parts, caller) }, meant.readId, caller);
    case 'pause':
      if (!meant.reason)
        return {
          outcome: 'menu',
          view: { kind: 'question', title: 'Why?', question: 'Pausing needs a reason. Type: pause changes because …' },
        };
      return fromGate(await gate.pause(meant.reason, caller));
    case 'resume':
      return fromGate(await gate.pause(undefined, caller));
    case 'usage':
      return usage(parts, caller);
    case 'help':
      return { outcome: 'answer', view: helpView(allowedTo(parts, caller), meant.topic) };
    case 'menu':
      return { outcome: 'menu', view: menuView(meant) };
  }
}

function allowedTo({ catalog, gate }: BotParts, { person }: Caller) {
  return { tools: catalog.filter((tool) => gate.mayUse(person, tool)), mayPause: gate.mayPause(person) };
}

function mayUse(parts: BotParts, caller: Caller) {
  return (tool: string) => allowedTo(parts, caller).tools.some(({ name }) => name === tool);
}

/** A press is answered on the card itself; only a refusal or a failure needs words, and only the presser needs them. */
function decided(outcome: GateOutcome, pressed: boolean): Answer {
  const answer = fromGate(outcome);
  if (outcome.status === 'denied' || outcome.view.kind === 'failure') return { ...answer, whisper: true };
  return { ...answer, card: pressed ? undefined : cardOf(outcome) };
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
  if (!row) return notFound(`There is no change ${approvalId}.`, caller);
  return { outcome: 'answer', view: desk.card(row.value), approvalId, card: row };
}

async function showByToken({ desk }: BotParts, token: string, caller: Caller): Promise<Answer> {
  const row = await desk.byToken(token);
  if (!row) return notFound('There is no change with this token.', caller);
  return { outcome: 'answer', view: desk.card(row.value), approvalId: row.id, card: row };
}

/** For whoever asked alone: a card that many watch stays calm. */
async function details({ desk }: BotParts, approvalId: string, caller: Caller): Promise<Answer> {
  const row = await desk.approval(approvalId);
  if (!row) return notFound(`There is no change ${approvalId}.`, caller);
  const view = detailsView(row.value, await desk.history(approvalId));
  return { outcome: 'answer', view, approvalId, whisper: caller.origin === 'button' };
}

function notFound(because: string, caller: Caller): Answer {
  const refusal = {
    rule: 'known-approval',
    because,
    next: 'Type approvals to see what is waiting.',
  };
  return { outcome: 'failed', view: refusalView('Not found', refusal, caller.correlationId) };
}

async function tolerate<T>({ log }: BotParts, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    log.warn({ error: asOpsError(error).message }, 'an open question could not be read or kept');
    return undefined;
  }
}
