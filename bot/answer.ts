import type { Caller, GateOutcome } from '../approvals/call.ts';
import { refusalView } from '../approvals/refusals.ts';
import { asOpsError } from '../lib/errors.ts';
import type { Answer, BotParts } from './bot-parts.ts';
import { detailsView } from './details.ts';
import { helpView } from './help.ts';
import type { OpenQuestions } from './open-question.ts';
import { menuView, pendingView, questionView } from './replies.ts';
import type { Turn } from './turn.ts';
import type { Understanding } from './understand/understanding.ts';

/** What a known person's turn leads to: understood, then put to the gate or answered from what is stored. */
export async function answerTo(parts: BotParts, questions: OpenQuestions, turn: Turn, caller: Caller): Promise<Answer> {
  if (turn.decision) {
    const { verdict, approvalId, digest, reason } = turn.decision;
    return decided(await parts.gate.decide({ verdict, by: { approvalId, digest }, reason }, caller), true);
  }
  const now = parts.clock.now();
  const asked = await tolerate(parts, () => questions.read(turn.conversation, caller.person.id, now));
  const meant = parts.understand(turn.text, { now, open: asked });
  const open = meant.kind === 'ask' ? { tool: meant.tool, known: meant.known, missing: meant.missing } : undefined;
  if (open || asked) await tolerate(parts, () => questions.write(turn.conversation, caller.person.id, open, now));
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
    case 'details':
      return details(parts, meant.approvalId, caller);
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
      return { outcome: 'answer', view: helpView(allowedTo(parts, caller), meant.topic) };
    case 'menu':
      return { outcome: 'menu', view: menuView(meant) };
  }
}

function allowedTo({ catalog, gate }: BotParts, { person }: Caller) {
  return { tools: catalog.filter((tool) => gate.mayUse(person, tool)), mayPause: gate.mayPause(person) };
}

function fromGate(outcome: GateOutcome): Answer {
  const { status, view, approvalId } = outcome;
  if (outcome.status !== 'pending') return { outcome: status, view, approvalId };
  return { outcome: status, view, approvalId, approvalToken: outcome.token, card: cardOf(outcome) };
}

/** Which change, in which version, the view shows: what the posted card has to be kept up with. */
function cardOf(outcome: GateOutcome): Answer['card'] {
  if (outcome.status === 'denied' || outcome.approvalId === undefined || outcome.version === undefined)
    return undefined;
  return { id: outcome.approvalId, version: outcome.version };
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
  if (!row) return notFound(approvalId, caller);
  return { outcome: 'answer', view: desk.card(row.value), approvalId, card: row };
}

/** For whoever asked alone: a card that many watch stays calm. */
async function details({ desk }: BotParts, approvalId: string, caller: Caller): Promise<Answer> {
  const row = await desk.approval(approvalId);
  if (!row) return notFound(approvalId, caller);
  const view = detailsView(row.value, await desk.history(approvalId));
  return { outcome: 'answer', view, approvalId, whisper: caller.origin === 'button' };
}

function notFound(approvalId: string, caller: Caller): Answer {
  const refusal = {
    rule: 'known-approval',
    because: `There is no change ${approvalId}.`,
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
