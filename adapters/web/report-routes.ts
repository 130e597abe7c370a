import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { OnTurn } from '../../bot/channel.ts';
import type { TurnResult } from '../../bot/turn.ts';
import type { Clock } from '../../lib/clock.ts';
import { getReport } from '../../tools/reports/get-report.ts';
import { ok, problem, type Reply } from '../http/reply.ts';
import { parse, queryObject } from './parse.ts';
import type { Call, Route } from './route.ts';

const Asked = z.strictObject({ window: z.string().max(100).optional(), region: z.string().max(40).optional() });

interface Parts {
  channel: string;
  clock: Clock;
  onTurn: OnTurn;
}

/** What the Reports page reads. A reading is a turn like any other: the gate decides on it and the record has it. */
export function reportRoutes(parts: Parts): Route[] {
  return [{ method: 'GET', path: '/api/reports/:name', answer: (call) => readReport(call, parts) }];
}

async function readReport({ who, parameters, query }: Call, { channel, clock, onTurn }: Parts): Promise<Reply> {
  const asked = parse(Asked, queryObject(query), 'Filters: window, like 7d or 24h, and region.');
  if ('refused' in asked) return asked.refused;
  const { person, auth, signedInAt } = who;
  const { window: time_window, region } = asked.value;
  const input = { report: parameters.name, ...(time_window && { time_window }), ...(region && { region }) };
  const result = await onTurn({
    id: `${channel}:report:${randomUUID()}`,
    at: clock.now(),
    origin: 'api',
    speaker: { channel, userId: person.id, auth, ...(signedInAt !== undefined && { signedInAt }) },
    // No channel of this name posts anything: the page itself is the answer.
    conversation: { channel: 'api', id: `reports:${person.id}` },
    text: '',
    call: { tool: getReport.name, input },
  });
  return result.output ? ok(result.output) : refusalOf(result);
}

const TRY_AGAIN = 'Try again in a moment. The log of the server says more.';

/** Why there is no report, in the words of its card. */
function refusalOf({ view, text, correlationId: correlation_id }: TurnResult): Reply {
  if (view?.kind === 'refusal')
    return problem(403, { code: 'access_denied', message: view.because, hint: view.next, correlation_id });
  if (view?.kind !== 'failure')
    return problem(503, { code: 'internal', message: text, hint: TRY_AGAIN, correlation_id });
  const { message, hint } = view;
  if (view.code === 'input_invalid') return problem(400, { code: 'input_invalid', message, hint, correlation_id });
  // AWS or the store said no: nothing is broken here, and asking at once again would change nothing.
  return problem(424, { code: 'aws_error', message, hint, correlation_id });
}
