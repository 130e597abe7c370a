import { AccountLink, linkedAccounts, linkKind } from '../approvals/account-link.ts';
import type { Audit } from '../approvals/audit.ts';
import type { Directory, Person } from '../approvals/people.ts';
import type { Clock } from '../lib/clock.ts';
import { newCorrelationId, sha256Hex } from '../lib/ids.ts';
import { createKeep } from '../lib/keep.ts';
import { type Kind, put, type Store } from '../store/store.ts';
import type { Channel, Profile } from './channel.ts';
import type { Speaker } from './turn.ts';

/** Who is speaking, or why that is nobody OpsAgent knows. */
export type Known = { person: Person } | { because: string; next: string };

export interface Identity {
  /** As far as it is known without asking the platform. @throws OpsError `store_unavailable` */
  known(speaker: Speaker): Promise<Known | undefined>;
  /** @throws OpsError `delivery_failed` (the platform does not say who it is), `store_unavailable`: then nobody is anybody */
  identify(speaker: Speaker): Promise<Known>;
  /** The accounts of these people on a channel, as far as they are known. */
  accountsOf(channel: string, people: readonly string[]): Promise<string[]>;
}

interface Parts {
  store: Store;
  clock: Clock;
  audit: Audit;
  people: Directory;
  channels: ReadonlyMap<string, Channel>;
}

const MINUTE_MS = 60_000;
/** A linked account is taken for its person this long before the platform is asked again. */
const CONFIRMED_FOR_MS = 15 * MINUTE_MS;
/** And this long while the platform does not answer. */
const TRUSTED_FOR_MS = 24 * 60 * MINUTE_MS;
const REFUSED_FOR_MS = MINUTE_MS;
const MOST_REMEMBERED = 10_000;

/** One account a person in each organisation: written with the link, so that a second one finds it taken. */
const takenKind: Kind<AccountLink> = { name: 'account_taken', schema: AccountLink, indexes: {} };

/** `<organisation>/<user>`, the platform's own ids: exact bytes, ASCII only, so that nothing that looks alike is the same. */
const ACCOUNT = /^[A-Za-z0-9-]{1,64}\/[A-Za-z0-9-]{1,64}$/;

/**
 * Matches platform accounts with people: by the list of people, else once by the e-mail of the platform's profile. From then on the
 * account is that person, whatever becomes of either e-mail, and no second account of the same organisation is (SAFETY D7).
 */
export function createIdentity(parts: Parts): Identity {
  const { people, channels, store, clock } = parts;
  /** Account → when the platform last said that it is a member's, epoch ms. */
  const confirmed = createKeep<number>(MOST_REMEMBERED);
  /** Accounts that are nobody's, so that strangers do not use up what we may ask of a platform. */
  const refused = createKeep<{ why: Known; until: number }>(MOST_REMEMBERED);
  const isFresh = (account: string, forMs: number) => clock.now() < (confirmed.get(account) ?? 0) + forMs;

  const known = async ({ channel, userId, auth }: Speaker): Promise<Known | undefined> => {
    if (!channels.get(channel)?.profile) return byId(people.find(userId), userId, auth);
    if (!ACCOUNT.test(userId)) return { because: 'The account id has a form no account has.', next: ASK };
    const named = people.named(channel, userId);
    if (named) return { person: named };
    const link = await store.get(linkKind, linkId(channel, userId));
    // Whoever was linked may have become a guest, or be gone: the platform is asked again from time to time.
    if (!link || !isFresh(`${channel} ${userId}`, CONFIRMED_FOR_MS)) return undefined;
    return linked(people, channel, link.value.person);
  };

  /** What the platform says now; while it does not answer, what it said not long ago. */
  const ask = async (door: Required<Pick<Channel, 'profile'>>, account: string, userId: string) => {
    try {
      return await door.profile(userId);
    } catch (error) {
      if (isFresh(account, TRUSTED_FOR_MS)) return undefined;
      throw error;
    }
  };

  return {
    known,
    async identify(speaker) {
      const { channel, userId } = speaker;
      const door = channels.get(channel);
      const found = await known(speaker);
      if (found || !door?.profile) return found ?? personOr(undefined, userId);
      const account = `${channel} ${userId}`;
      const before = refused.get(account);
      if (before && clock.now() < before.until) return before.why;
      const profile = await ask({ profile: door.profile }, account, userId);
      const who = await confirm(parts, channel, userId, profile);
      if ('person' in who && profile) confirmed.set(account, clock.now());
      if ('because' in who) refused.set(account, { why: who, until: clock.now() + REFUSED_FOR_MS });
      return who;
    },
    async accountsOf(channel, ids) {
      const found = await Promise.all(ids.map((id) => accountsOfOne(parts, channel, id)));
      return found.flat();
    },
  };
}

function linked(people: Directory, channel: string, id: string): Known {
  const person = people.find(id);
  return person?.accounts[channel] ? OTHER_ACCOUNT : personOr(person, id);
}

/** Somebody linked before, if still a member; somebody new by the e-mail. `profile` is absent while an earlier answer still counts. */
async function confirm(parts: Parts, channel: string, account: string, profile: Profile | undefined): Promise<Known> {
  const { standing = 'member' } = profile ?? {};
  if (standing !== 'member') return { because: WHY_NOT[standing], next: ASK };
  const link = await parts.store.get(linkKind, linkId(channel, account));
  if (link) return linked(parts.people, channel, link.value.person);
  return firstSight(parts, channel, account, profile?.email);
}

async function accountsOfOne({ people, store }: Parts, channel: string, id: string): Promise<string[]> {
  const named = people.find(id)?.accounts[channel];
  if (named) return [named];
  return linkedAccounts(store, channel, id);
}

/** The one time an e-mail counts. The link and its record are one commit; whoever comes second with the same e-mail is refused. */
async function firstSight(parts: Parts, channel: string, account: string, email: string | undefined): Promise<Known> {
  if (!email || !isAscii(email)) return { because: 'Your profile shows no e-mail that OpsAgent may use.', next: ASK };
  const person = parts.people.list().find(({ id }) => id.toLowerCase() === email.toLowerCase());
  if (!person) return personOr(undefined, email);
  if (person.accounts[channel]) return OTHER_ACCOUNT;
  const link = { channel, account, person: person.id };
  const [organisation = ''] = account.split('/');
  const { committed } = await parts.audit.commit(
    [
      put(linkKind, linkId(channel, account), link),
      put(takenKind, sha256Hex(JSON.stringify([channel, organisation, person.id])), link),
    ],
    {
      type: 'account_linked',
      correlation_id: newCorrelationId(),
      actor: { person: person.id, name: person.name, channel, user_id: account, auth: 'first-sight' },
      outcome: 'done',
      summary: `${channel} account ${account} is ${person.id} from now on, by its e-mail`,
    },
  );
  if (committed) return { person };
  // Another process may have linked this very account in the same moment.
  const now = await parts.store.get(linkKind, linkId(channel, account));
  return now?.value.person === person.id ? { person } : OTHER_ACCOUNT;
}

const linkId = (channel: string, account: string): string => sha256Hex(JSON.stringify([channel, account]));

function personOr(person: Person | undefined, id: string): Known {
  return person
    ? { person }
    : { because: `${id.slice(0, 100)} is not on the allow-list.`, next: 'Ask an admin to add you.' };
}

/** Whoever may say who they are, as in LOCAL_MOCK, is still no service, and a key of a service is no person's. */
function byId(person: Person | undefined, id: string, auth: Speaker['auth']): Known {
  if (person && (person.service ?? false) !== (auth === 'api-key')) return OTHER_PROOF;
  return personOr(person, id);
}

const OTHER_PROOF: Known = {
  because: 'A service is known by its API key only, and a person never is.',
  next: 'Send the key of the service in X-API-Key, or sign in as a person.',
};

const ASK = 'Ask an admin to add you to PEOPLE_FILE or PEOPLE_SSM with this account.';

const OTHER_ACCOUNT: Known = {
  because: 'The person with this e-mail is known by another account of this organisation.',
  next: 'Use that account, or ask an admin to name this one in PEOPLE_FILE or PEOPLE_SSM.',
};

const WHY_NOT: Record<Exclude<Profile['standing'], 'member'>, string> = {
  guest: 'Guests are not let in by their e-mail.',
  bot: 'Bots cannot use OpsAgent.',
  stranger: 'People of other organisations cannot use OpsAgent here.',
  gone: 'This account is deactivated.',
};

const isAscii = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);
