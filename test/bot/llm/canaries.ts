import { newApprovalToken } from '../../../lib/ids.ts';

/** Made of parts, so that no scanner takes this file for a leak. */
const part = (length: number) => 'q7W8x9Y0z1'.repeat(50).slice(0, length);
const upper = 'QRSTUVWXYZABCDEF';

/** One text with a secret for each kind that `redact` knows, and the piece that must not be seen again. */
export const canaries: readonly (readonly [text: string, secret: string])[] = [
  ...[
    newApprovalToken(),
    `AKIA${upper}`,
    `ASIA${upper}`,
    `IQoJb3JpZ2lu${part(300)}`,
    ['xoxb', '123456789012', part(24)].join('-'),
    ['xapp', '1', 'A0123', '42', part(64)].join('-'),
    ['sk', 'ant', 'api03', part(90)].join('-'),
    `ghp_${part(36)}`,
    `github_pat_${part(82)}`,
    `eyJ${part(30)}.eyJ${part(60)}.${part(43)}`,
  ].map((secret) => [secret, secret.slice(-12)] as const),
  [`hooks.slack.com/${['services', 'T000', 'B000', part(24)].join('/')}`, part(24)],
  [`https://chat.example.com/hooks/${part(26)}`, part(26)],
  [`Bearer ${part(40)}`, part(40)],
  [`Authorization: Basic ${part(30)}`, part(30)],
  [`Cookie: session=${part(20)}`, part(20)],
  [`https://s3.amazonaws.com/b/k?X-Amz-Signature=${part(64)}`, part(64)],
  [`postgres://alice:${part(14)}@db.internal:5432/app`, part(14)],
  [`aws_secret_access_key = ${part(40)}`, part(40)],
  [`{"clientSecret":"${part(18)}"}`, part(18)],
  [`mysql --password ${part(12)}`, part(12)],
  [`-----BEGIN RSA PRIVATE KEY-----\n${part(64)}\n${part(20)}\n-----END RSA PRIVATE KEY-----`, part(20)],
];
