import type { Caller, GateOutcome } from './call.ts';
import { callerFacts } from './facts-of.ts';
import type { GateParts } from './gate-parts.ts';
import { pauseWrite } from './pause.ts';
import { policyRefusal, refusalView } from './refusals.ts';

/** Pauses (with a reason) or resumes all changes; recorded in the same commit. */
export async function pauseChanges(parts: GateParts, reason: string | undefined, caller: Caller): Promise<GateOutcome> {
  const title = reason === undefined ? 'Resume changes' : 'Pause changes';
  const answer = parts.policy.ask(caller.person, { action: 'pause', tool: 'pause_changes', effect: 'workflow' });
  if (!answer.allowed) {
    await parts.audit.record({
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
  const at = new Date(parts.clock.now()).toISOString();
  const write = await pauseWrite(
    parts.store,
    reason === undefined ? undefined : { by: caller.person.name, at, reason },
  );
  const type = reason === undefined ? ('changes_resumed' as const) : ('changes_paused' as const);
  await parts.audit.commit(write ? [write] : [], {
    ...callerFacts(caller),
    type,
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
