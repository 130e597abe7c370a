import { STATUS_CODES } from 'node:http';
import { newCorrelationId } from '../../lib/ids.ts';
import { type Problem, problem, type Reply } from '../http/reply.ts';

/** A wrong call, or something broken here. What a person must read is never one of these: Amazon Q shows 2xx bodies only (Q4). */
export function wrongCall(
  status: number,
  code: Problem['code'],
  message: string,
  hint: string,
  correlationId?: string,
): Reply {
  return asProblem(problem(status, { code, message, hint, correlation_id: correlationId }));
}

/**
 * A refusal of the shared server in the form of RFC 9457, its headers kept; anything else passes through as it is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function asProblem(reply: Reply): Reply {
  const { status, body, headers } = reply;
  if (status < 400 || !isProblem(body)) return reply;
  const { code, message, hint, correlation_id = newCorrelationId() } = body;
  const title = STATUS_CODES[status] ?? 'Error';
  return {
    status,
    body: { type: 'about:blank', title, status, detail: message, code, hint, correlation_id },
    headers: { ...headers, 'content-type': 'application/problem+json' },
  };
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body && 'hint' in body;
}
