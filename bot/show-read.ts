import type { Caller } from '../approvals/call.ts';
import { type Refusal, refusalView } from '../approvals/refusals.ts';
import type { View } from '../cards/view.ts';
import { utc } from '../lib/utc.ts';
import type { Answer, BotParts } from './bot-parts.ts';
import { createEvidence, type Evidence } from './evidence.ts';

type ShowReadParts = Pick<BotParts, 'store' | 'clock'> & {
  /** Whether the caller may use this tool now. */
  mayUse: (tool: string) => boolean;
};

/** One read of an investigation, as it was shown then: for whoever may make the same read, in any conversation. */
export async function showRead(
  { store, clock, mayUse }: ShowReadParts,
  readId: string,
  caller: Caller,
): Promise<Answer> {
  const read = await createEvidence(store, clock).read(readId);
  if (!read) return { outcome: 'failed', view: refusalView('Not found', noSuchRead(readId), caller.correlationId) };
  if (mayUse(read.tool)) return { outcome: 'answer', view: asItWas(read) };
  return { outcome: 'denied', view: refusalView('Not allowed', notYours(read), caller.correlationId) };
}

/** Old numbers must not pass for new ones, so the card says when they were read. */
function asItWas({ view, investigation, at, command }: Evidence): View {
  const origin = `Read for ${investigation} at ${utc(at)}; \`${command}\` reads it again.`;
  return {
    ...view,
    actions: [{ kind: 'say', label: 'Read it again', text: command }, ...(view.actions ?? [])],
    note: view.note ? `${view.note} ${origin}` : origin,
  };
}

function noSuchRead(readId: string): Refusal {
  return {
    rule: 'known-read',
    because: `There is no read ${readId}, or it is older than 30 days.`,
    next: 'Read it anew: help shows the commands.',
  };
}

function notYours({ id, tool }: Evidence): Refusal {
  return {
    rule: 'may-use-tool',
    because: `${id} was read with ${tool}, which you may not use.`,
    next: 'Ask somebody who may, or an admin for the role.',
  };
}
