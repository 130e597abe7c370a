import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import { reveal, type Secret } from '../../lib/secret.ts';
import type { Incoming } from './incoming.ts';
import { createSeenSignatures } from './seen-signatures.ts';

/** Slack's own advice; here for clocks that run ahead too. */
const maxSkewSeconds = 300;
const TIMESTAMP = /^[1-9]\d{0,15}$/;
const SIGNATURE = /^v0=([0-9a-f]{64})$/;

export type Flaw = 'encoded' | 'unsigned' | 'stale' | 'forged' | 'replayed';

/** `undefined` for a request that Slack sent, now and for the first time. Nothing of the body is looked at before. */
export type Verify = (request: Incoming) => Flaw | undefined;

/**
 * Slack's request signature over the raw bytes, each accepted once. The patterns refuse a header that came twice.
 *
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function createVerify(signingSecret: Secret, clock: Clock): Verify {
  const keys = createKeys(signingSecret);
  const seen = createSeenSignatures(clock);
  return ({ headers, body }) => {
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') return 'encoded';
    const timestamp = headers['x-slack-request-timestamp'] ?? '';
    const [signature, hex] = SIGNATURE.exec(headers['x-slack-signature'] ?? '') ?? [];
    if (hex === undefined || !TIMESTAMP.test(timestamp)) return 'unsigned';
    if (Math.abs(Math.floor(clock.now() / 1000) - Number(timestamp)) > maxSkewSeconds) return 'stale';
    const given = Buffer.from(hex, 'hex');
    const signs = (key: KeyObject) =>
      timingSafeEqual(createHmac('sha256', key).update(`v0:${timestamp}:`).update(body).digest(), given);
    if (!keys().some(signs)) return 'forged';
    return seen.first(signature, (Number(timestamp) + maxSkewSeconds + 1) * 1000) ? undefined : 'replayed';
  };
}

/** The secrets that count now: one, or the next and the present one. */
function createKeys(secret: Secret): () => readonly KeyObject[] {
  let known: { text: string; keys: KeyObject[] } | undefined;
  return () => {
    const text = reveal(secret);
    if (known?.text !== text) known = { text, keys: text.split(',').map((one) => createSecretKey(one.trim(), 'utf8')) };
    return known.keys;
  };
}

const SSL_CHECK = /^ssl_check=1(?:&token=[A-Za-z0-9]{1,100})?$/;
const longestSslCheck = 200;

/** Slack looks at the certificate with an unsigned request that says nothing else. It is answered, and never read. */
export function isSslCheck({ headers, body }: Incoming): boolean {
  if (body.length > longestSslCheck || headers['x-slack-signature'] !== undefined) return false;
  return headers['x-slack-request-timestamp'] === undefined && SSL_CHECK.test(body.toString('latin1'));
}
