import type { Profile } from '../../bot/channel.ts';
import type { Clock } from '../../lib/clock.ts';
import { asOpsError, type OpsError } from '../../lib/errors.ts';
import { createKeep } from '../../lib/keep.ts';
import type { Connector, Member } from './connector.ts';
import type { Account, TeamsDirectory } from './directory.ts';
import { deliveryFailed } from './transport.ts';

/** Teams limits how often members are asked for; who was just looked up is not looked up again. */
const KNOWN_FOR_MS = 5 * 60_000;
const MOST_KNOWN = 1_000;

/** Who stands behind an account, from the member list of a conversation they were heard in. */
export function createProfiles(
  directory: TeamsDirectory,
  connector: () => Connector,
  clock: Clock,
  home: string | undefined,
): (userId: string) => Promise<Profile> {
  const known = createKeep<{ profile: Profile; until: number }>(MOST_KNOWN);

  return async (userId) => {
    const before = known.get(userId);
    if (before && before.until > clock.now()) return before.profile;
    const account = await directory.account(userId);
    const member = await memberOf(directory, connector(), account);
    const isTheirs = member !== undefined && member.id === account?.mri;
    const profile = isTheirs ? profileOf(member, userId, home) : ({ standing: 'stranger' } as const);
    known.set(userId, { profile, until: clock.now() + KNOWN_FOR_MS });
    return profile;
  };
}

async function memberOf(
  directory: TeamsDirectory,
  connector: Connector,
  account: Account | undefined,
): Promise<Member | undefined> {
  const place = account && (await directory.place(account.seen_in, [account.tenant]));
  if (!place) throw unknownNow('no conversation with this account is known');
  try {
    return await connector.member(place, place.team ?? place.conversation, account.mri);
  } catch (cause) {
    throw unknownNow(asOpsError(cause).message, cause);
  }
}

function unknownNow(why: string, cause?: unknown): OpsError {
  const hint = 'Nothing was done. Say it again in a minute.';
  return deliveryFailed(`Teams does not say who is speaking: ${why}`, { hint, retryable: true, cause });
}

function profileOf(
  { email, userPrincipalName, tenantId, userRole }: Member,
  userId: string,
  home: string | undefined,
): Profile {
  const [tenant] = userId.split('/');
  if (tenantId !== tenant) return { standing: 'stranger' };
  const isGuest = userRole?.toLowerCase() === 'guest' || /#ext#/i.test(userPrincipalName ?? '');
  if (isGuest) return { standing: 'guest' };
  // Where several tenants may use OpsAgent, only the home tenant's directory says who somebody is.
  if (home !== undefined && tenant !== home) return { standing: 'member' };
  // A principal name has a domain that the tenant proved to own; a mail attribute holds whatever was written there.
  return { standing: 'member', email: userPrincipalName || email || undefined };
}
