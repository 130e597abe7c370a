import { OpsError } from '../../lib/errors.ts';

const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "script-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** On every answer, the refusals included. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const listenAddress: Readonly<Record<string, string>> = {
  localhost: '127.0.0.1',
  '127.0.0.1': '127.0.0.1',
  '::1': '::1',
  '[::1]': '::1',
};

/**
 * The address to bind for a configured HOST.
 *
 * @throws OpsError `config_invalid` for anything beyond this machine: without sign-in, whoever reaches the port is anybody
 */
export function loopbackAddress(host: string): string {
  const address = listenAddress[host.toLowerCase()];
  if (address) return address;
  throw new OpsError('config_invalid', `HOST is ${host}; the web console listens on this machine only.`, {
    hint: 'Set HOST=127.0.0.1 (or leave it out). Listening for others comes with OIDC sign-in.',
  });
}
