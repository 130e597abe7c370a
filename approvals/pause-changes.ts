import { cleanText } from '../lib/clean-text.ts';
import { OpsError } from '../lib/errors.ts';
import { redact } from '../lib/redact.ts';
import type { AuditFacts } from './audit-record.ts';
import type { Caller, GateOutcome } from './call.ts';
import { callerFacts } from './facts-of.ts';
import type { GateParts } from './gate-parts.ts';
import { note } from './note.ts';
import { pauseWrite } from './pause.ts';
import { policyRefusal, refusalView } from './refusals.ts';

export const PAUSE = { action: 'pause', tool: 'pause_changes', effect: 'workflow' } as const;

/** Pauses (with a reason) or resumes all changes; recorded in the same commit. */
export async function pauseChanges(parts: GateParts, said: string | undefined, caller: Caller): Promise<GateOutcome> {
  const reason = said === undefined ? undefined : cleanText(redact(said), LONGEST_REASON);
  const title = reason === undefined ? 'Resume changes' : 'Pause changes';
  const answer = parts.policy.ask(caller.person, PAUSE);
  if (!answer.allowed) {
    await note(parts, {
      ...callerFacts(caller),
      type: 'access_denied',
      outcome: 'denied',
      rule: answer.rule,
      summary: `${title}: ${answer.because}`,
    });
    return {
      status: 'denied',
      view: refusalView(`Refused: ${title.toLowerCase()}`, policyRefusal(answer), caller.correlationId),
    };
  }
  await commit(parts, reason, caller, {
    ...callerFacts(caller),
    type: reason === undefined ? 'changes_resumed' : 'changes_paused',
    outcome: 'done',
    summary: reason ? `${title}: ${reason}` : title,
  });
  const body =
    reason === undefined
      ? 'Changes may be proposed, approved and executed again.'
      : 'Nothing is proposed, approved or executed until somebody types: resume changes';
  return {
    status: 'done',
    view: {
      kind: 'message',
      title: reason === undefined ? 'Changes resumed' : 'Changes paused',
      status: reason === undefined ? 'good' : 'warning',
      body,
      correlationId: caller.correlationId,
    },
  };
}

const LONGEST_REASON = 300;
const TRIES = 10;

/** Somebody else may pause or resume in the same moment: what is said to be done must be what stands in the store. */
async function commit(
  { store, clock, audit }: GateParts,
  reason: string | undefined,
  { person }: Caller,
  facts: AuditFacts,
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const at = new Date(clock.now()).toISOString();
    const write = await pauseWrite(store, reason === undefined ? undefined : { by: person.name, at, reason });
    const { committed } = await audit.commit(write ? [write] : [], facts);
    if (committed) return;
  }
  throw new OpsError('store_unavailable', 'Others kept pausing and resuming changes at the same time.', {
    hint: 'Nothing was changed by you. Say it again.',
    retryable: true,
  });
}
