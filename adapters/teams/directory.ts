import { z } from 'zod';
import { cleanText } from '../../lib/clean-text.ts';
import { asOpsError } from '../../lib/errors.ts';
import { createKeep } from '../../lib/keep.ts';
import type { Log } from '../../lib/log.ts';
import { type Kind, put, type Store, update } from '../../store/store.ts';
import { type Activity, tenantOf } from './activity.ts';

/** A conversation, and how to write to it when nobody has just spoken: what the Bot Framework calls a reference. */
const Place = z.strictObject({
  /** Of a channel without its thread. */
  conversation: z.string(),
  type: z.enum(['personal', 'groupChat', 'channel']),
  service_url: z.string(),
  tenant: z.string(),
  /** The bot's own id there. */
  bot: z.string(),
  team: z.string().optional(),
  /** Whose personal conversation it is: `<tenant>/<person>`. */
  account: z.string().optional(),
});
export type Place = z.output<typeof Place>;

const placeKind: Kind<Place> = {
  name: 'teams_place',
  schema: Place,
  indexes: { all: ({ tenant, conversation }) => ({ partition: 'all', sort: `${tenant} ${conversation}` }) },
};

/** How Teams knows a person: needed to address and to mention them. */
const Account = z.strictObject({
  tenant: z.string(),
  /** Teams' own id of the person for this bot, `29:…`. */
  mri: z.string(),
  /** As Teams shows it. For mentions only: people choose it themselves. */
  name: z.string(),
  /** A conversation they were in, for looking them up. */
  seen_in: z.string(),
  /** Their personal conversation with the bot, once there is one. */
  personal: z.string().optional(),
});
export type Account = z.output<typeof Account>;

const accountKind: Kind<Account> = { name: 'teams_account', schema: Account, indexes: {} };

const MOST_KEPT = 5_000;

/** Conversations and people that Teams told us about. It survives restarts; what did not change is not written again. */
export interface TeamsDirectory {
  /** Notes where an activity came from, and from whom. Never rejects. */
  heard(activity: Activity): Promise<void>;
  /** A personal conversation that we opened ourselves. */
  opened(place: Place, account: Account): Promise<void>;
  /** Of the tenants named; none named is any. A channel that was never heard from has the service address of its neighbours. */
  place(conversation: string, tenants: readonly string[]): Promise<Place | undefined>;
  account(userId: string): Promise<Account | undefined>;
}

export const userIdOf = (tenant: string, person: string): string => `${tenant}/${person}`;

/** `19:…@thread.tacv2;messageid=1` → `19:…@thread.tacv2` */
export const withoutThread = (conversation: string): string => conversation.replace(/;messageid=.*$/, '');

export const isChannelId = (conversation: string): boolean => /^19:[^;]+@thread\.(tacv2|skype)$/.test(conversation);

export function createTeamsDirectory(store: Store, log: Log): TeamsDirectory {
  const places = createShelf(store, log, placeKind);
  const accounts = createShelf(store, log, accountKind);

  return {
    async heard(activity) {
      const place = placeOf(activity);
      if (!place) return;
      await places.keep(place.conversation, place);
      const { from } = activity;
      if (!from?.aadObjectId) return;
      const userId = userIdOf(place.tenant, from.aadObjectId);
      const known = await accounts.find(userId).catch(() => undefined);
      const personal = place.type === 'personal' ? place.conversation : known?.personal;
      const name = cleanText(from.name ?? '', 100);
      const account = { tenant: place.tenant, mri: from.id, name, seen_in: place.conversation, personal };
      await accounts.keep(userId, account, (one) => ({ ...one, seen_in: '' }));
    },
    async opened(place, account) {
      await places.keep(place.conversation, place);
      if (place.account) await accounts.keep(place.account, { ...account, personal: place.conversation });
    },
    async place(conversation, tenants) {
      const isAllowed = ({ tenant }: Place) => tenants.length === 0 || tenants.includes(tenant);
      const id = withoutThread(conversation);
      const own = await places.find(id);
      if (own) return isAllowed(own) ? own : undefined;
      if (!isChannelId(id)) return undefined;
      const page = await store.query(placeKind, { index: 'all', partition: 'all', limit: 200 });
      const near = page.rows.find(({ value }) => isAllowed(value))?.value;
      return near && { ...near, conversation: id, type: 'channel', team: undefined, account: undefined };
    },
    account: accounts.find,
  };
}

function placeOf(activity: Activity): Place | undefined {
  const tenant = tenantOf(activity);
  if (tenant === undefined) return undefined;
  const { conversation, serviceUrl, recipient, channelData, from } = activity;
  const type = typeOf(conversation.conversationType);
  const personal = type === 'personal' && from?.aadObjectId ? userIdOf(tenant, from.aadObjectId) : undefined;
  return {
    ...{ conversation: withoutThread(conversation.id), type, service_url: serviceUrl, tenant, bot: recipient.id },
    team: channelData?.team?.id ?? undefined,
    account: personal,
  };
}

/** What is not known to be personal is treated as if others read it. */
function typeOf(conversationType: string | null | undefined): Place['type'] {
  return conversationType === 'personal' || conversationType === 'channel' ? conversationType : 'groupChat';
}

/** Rows of one kind, the newest of them in memory. A store that is away costs what would have been remembered, nothing else. */
function createShelf<T extends Place | Account>(store: Store, log: Log, kind: Kind<T>) {
  const kept = createKeep<T>(MOST_KEPT);
  const unsaved = new Set<string>();

  async function find(id: string): Promise<T | undefined> {
    const value = kept.get(id) ?? (await store.get(kind, id))?.value;
    if (value) kept.set(id, value);
    return value;
  }

  return {
    find,
    /** `material`: what has to differ for the row to be written. */
    async keep(id: string, value: T, material: (value: T) => object = (all) => all): Promise<void> {
      const before = kept.get(id);
      kept.set(id, value);
      if (before && !unsaved.has(id) && same(material(before), material(value))) return;
      try {
        const row = await store.get(kind, id);
        // Of two processes that write at once, the second has nothing to add.
        if (!row || !same(material(row.value), material(value)))
          await store.transact([row ? update(kind, row, value) : put(kind, id, value)]);
        unsaved.delete(id);
      } catch (error) {
        if (unsaved.size < MOST_KEPT) unsaved.add(id);
        log.warn({ kind: kind.name, error: asOpsError(error).message }, 'what Teams told us could not be stored');
      }
    },
  };
}

/** Field by field; all hold text or nothing. */
function same(one: object, other: object): boolean {
  const rest = new Map<string, unknown>(Object.entries(other));
  const alike = Object.entries(one).every(([field, value]) => {
    const known = rest.get(field);
    rest.delete(field);
    return known === value;
  });
  return alike && [...rest.values()].every((value) => value === undefined);
}
