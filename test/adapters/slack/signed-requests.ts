import { createHmac } from 'node:crypto';
import { request } from 'node:http';

export const signingSecret = 'signing-secret-of-the-tests';
export const JSON_TYPE = 'application/json';
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** What goes over the wire. A header that is a list is sent once for each value. */
export interface SignedRequest {
  headers: Record<string, string | string[]>;
  body: Buffer;
}

interface Signing {
  secret?: string;
  /** Seconds. */
  at?: number;
  type?: string;
}

/** As Slack signs it. */
export function signed(
  body: string | Buffer,
  { secret = signingSecret, at, type = FORM_TYPE }: Signing = {},
): SignedRequest {
  const bytes = Buffer.from(body);
  const timestamp = String(at ?? Math.floor(Date.now() / 1000));
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(bytes).digest('hex');
  return {
    headers: {
      'content-type': type,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${digest}`,
    },
    body: bytes,
  };
}

export const signedEvent = (payload: object, signing: Signing = {}): SignedRequest =>
  signed(JSON.stringify(payload), { type: JSON_TYPE, ...signing });

export const signedForm = (fields: Record<string, string>, signing?: Signing): SignedRequest =>
  signed(new URLSearchParams(fields).toString(), signing);

export const signedInteraction = (payload: object, signing?: Signing): SignedRequest =>
  signedForm({ payload: JSON.stringify(payload) }, signing);

export interface Answered {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  /** Until the whole answer was there. */
  ms: number;
}

interface Where {
  method?: string;
  path?: string;
}

/** Sends it as it is, over a connection of its own. */
export function send(
  port: number,
  { headers, body }: SignedRequest,
  { method = 'POST', path = '/slack/events' }: Where = {},
): Promise<Answered> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
          ms: performance.now() - began,
        }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
