import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { OpsError } from '../../lib/errors.ts';
import { spaceOf } from '../http/address-space.ts';
import { checkedLookup } from '../http/dial.ts';
import { isLoopback, type MaySendTo } from './service-url.ts';

const ANSWER_WITHIN_MS = 10_000;
const LONGEST_ANSWER = 1024 * 1024;

export interface Call {
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

/**
 * Every request of this adapter to Teams: to allowed hosts only, whatever asked for it; no redirects, no retries, no proxy,
 * at most 10 s, and never to an address of this machine or its network unless the host is this machine by name. The answer's body;
 * anything but a 2xx is an error.
 *
 * @throws OpsError `delivery_failed`, retryable where Teams may take the same request later
 */
export function createTransport(maySendTo: MaySendTo, resolve?: LookupFunction): (call: Call) => Promise<string> {
  const lookup = checkedLookup((_host, address) => spaceOf(address) === 'public', resolve);
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  return async ({ url, method, headers, body }) => {
    const target = new URL(url);
    if (!maySendTo(`${target.origin}/`)) throw notAllowed(target.host);
    const secure = target.protocol === 'https:';
    const framing = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options: RequestOptions = {
      method,
      headers: { ...headers, ...framing },
      agent: secure ? agents.https : agents.http,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(isLoopback(target.hostname) ? {} : { lookup }),
    };
    const answer = await exchange(secure ? httpsRequest : httpRequest, target, options, body);
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw refused(answer.status, answer.retryAfter);
  };
}

interface Answered {
  status: number;
  body: string;
  retryAfter: string | undefined;
}

async function exchange(
  request: typeof httpRequest,
  target: URL,
  options: RequestOptions,
  body: string | undefined,
): Promise<Answered> {
  let hungUp = false;
  const once = () =>
    new Promise<Answered>((resolve, reject) => {
      const sent = request(target, options, (response) => read(response).then(resolve, reject));
      sent.on('error', (error: NodeJS.ErrnoException) => {
        hungUp = sent.reusedSocket && error.code === 'ECONNRESET';
        reject(error);
      });
      sent.end(body);
    });
  try {
    // A kept connection that the other side had just closed never carried the request.
    return await once().catch((error) => (hungUp ? once() : Promise.reject(error)));
  } catch (cause) {
    throw deliveryFailed('Teams did not answer', { retryable: true, cause });
  }
}

async function read(response: IncomingMessage): Promise<Answered> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > LONGEST_ANSWER) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  const retryAfter = response.headers['retry-after'];
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8'), retryAfter };
}

/** Teams asks to come again on these. @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit */
const comeAgain = [408, 412, 429];

function refused(status: number, retryAfter: string | undefined): OpsError {
  const retryable = status >= 500 || comeAgain.includes(status) || status === 401;
  const seconds = Number(retryAfter);
  const facts = { status, ...(retryAfter && Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}) };
  return deliveryFailed(`Teams answered ${status}`, { retryable, facts, hint: HINTS[status] });
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'Check MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD and MICROSOFT_APP_TENANT_ID.',
  403: 'OpsAgent is not in this conversation any more, or may not write there.',
  404: 'The conversation or the message is gone.',
  413: 'The card is too big for Teams; read it in the console.',
};

function notAllowed(host: string): OpsError {
  return deliveryFailed(`nothing is sent to ${host}`, { hint: 'Only hosts of Teams are sent to.' });
}

interface Failure {
  hint?: string;
  retryable?: boolean;
  facts?: Readonly<Record<string, string | number>>;
  cause?: unknown;
}

export function deliveryFailed(message: string, { hint, retryable = false, facts, cause }: Failure = {}): OpsError {
  const usual = retryable ? 'It is tried again.' : 'It is not tried again; the console shows the same.';
  return new OpsError('delivery_failed', message, { hint: hint ?? usual, retryable, facts, cause });
}
