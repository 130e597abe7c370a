import type { LookupFunction } from 'node:net';
import type { Settings } from '../../approvals/settings.ts';
import type { Channel } from '../../bot/channel.ts';
import { spaceOf } from '../http/address-space.ts';
import { createWebhook } from './webhook.ts';

/** The webhooks of the policy file as it is now: on the Internet, or in a private network where the file says so too. */
export function createPolicyWebhook(
  policy: () => Pick<Settings, 'webhooks' | 'private_webhook_hosts'>,
  resolve?: LookupFunction,
): Channel {
  return createWebhook({
    isStored: (url) => policy().webhooks.includes(url),
    mayDial(host, address) {
      const space = spaceOf(address);
      return space === 'public' || (space === 'own' && policy().private_webhook_hosts.includes(host));
    },
    resolve,
  });
}
