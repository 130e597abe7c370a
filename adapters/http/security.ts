import { isIP } from 'node:net';
import { OpsError } from '../../lib/errors.ts';

/** How far this server reaches, and what browsers are to hold it to. */
export interface Reach {
  /** `machine`: loopback only. `network`: any address, because whoever comes has to sign in. */
  listens: 'machine' | 'network';
  /** Reached over https: browsers are told to come no other way. */
  https?: boolean;
  /** Origins whose pages may show ours in a frame; none where absent. */
  frameAncestors?: readonly string[];
}

export const thisMachine: Reach = { listens: 'machine' };

const YEAR_SECONDS = 31_536_000;

/** On every answer, the refusals included. */
export function securityHeaders({ https, frameAncestors = [] }: Reach): Readonly<Record<string, string>> {
  const contentSecurityPolicy = [
    "default-src 'self'",
    "img-src 'self' data:",
    "style-src 'self' 'unsafe-inline'",
    "script-src 'self'",
    "connect-src 'self'",
    `frame-ancestors ${frameAncestors.length > 0 ? frameAncestors.join(' ') : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return {
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...(https && { 'strict-transport-security': `max-age=${YEAR_SECONDS}` }),
  };
}

const listenAddress: Readonly<Record<string, string>> = {
  localhost: '127.0.0.1',
  '127.0.0.1': '127.0.0.1',
  '::1': '::1',
  '[::1]': '::1',
};

/**
 * The address to bind for a configured HOST. The configuration refuses the same; this lock holds whoever calls.
 *
 * @throws OpsError `config_invalid` for anything beyond this machine where nobody has to sign in: whoever reached the port would be anybody
 */
export function addressToBind(host: string, { listens }: Pick<Reach, 'listens'>): string {
  const address = listenAddress[host.toLowerCase()] ?? (listens === 'network' && isIP(host) !== 0 ? host : undefined);
  if (address) return address;
  throw new OpsError('config_invalid', `HOST is ${host}; the web console listens on this machine only.`, {
    hint: 'Set HOST=127.0.0.1 (or leave it out). To listen for others set up sign-in: OIDC_ISSUER, OIDC_CLIENT_ID and PUBLIC_URL.',
  });
}
