import { asOpsError } from '../../lib/errors.ts';
import { sha256Hex } from '../../lib/ids.ts';
import { createKeep } from '../../lib/keep.ts';
import { type Accepted, checkBearer } from './bearer-token.ts';
import type { Vendor } from './botbuilder.ts';
import { botFramework, type TeamsCredentials, type TeamsOptions } from './options.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Teams sends the same token with many messages; checked ones are known again this long. */
const KNOWN_FOR_MS = 5 * 60_000;
const MOST_KNOWN = 1000;

/** The service address for which the Bot Framework speaks to this bot; undefined for everybody else. Never rejects. */
export type Authenticate = (authorization: string) => Promise<string | undefined>;

interface Known extends Accepted {
  until: number;
}

/** Two locks, ours and botbuilder's, and a token has to open both. */
export function createAuthenticate(
  { openId = botFramework, clock, log }: TeamsOptions,
  { appId }: TeamsCredentials,
  vendor: Vendor,
  keys: SigningKeys,
): Authenticate {
  const known = createKeep<Promise<Known | undefined>>(MOST_KNOWN);

  return async (authorization) => {
    const key = sha256Hex(authorization);
    const before = known.get(key);
    const found = await before;
    if (found && found.until > clock.now() && keys.holds(found.keyId)) return found.serviceUrl;

    const now = clock.now();
    const accepted = await checkBearer(authorization, keys, { issuer: openId.issuer, appId, now });
    if (!accepted) return undefined;
    // Of a burst with the same token, one is checked and the others wait for it.
    const newer = known.get(key);
    const checking = newer && newer !== before ? newer : second(authorization, accepted);
    known.set(key, checking);
    if (await checking) return accepted.serviceUrl;
    known.delete(key);
    return undefined;
  };

  async function second(authorization: string, accepted: Accepted): Promise<Known | undefined> {
    try {
      await vendor.authenticate({ channelId: 'msteams', serviceUrl: accepted.serviceUrl }, authorization);
      return { ...accepted, until: Math.min(accepted.expiresAt, clock.now() + KNOWN_FOR_MS) };
    } catch (error) {
      log.warn({ error: asOpsError(error).message }, 'botbuilder refused a token that our own check accepts');
      return undefined;
    }
  }
}
