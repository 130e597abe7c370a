import { z } from 'zod';
import type { Kind, Store } from '../store/store.ts';

export const AccountLink = z.strictObject({ channel: z.string(), account: z.string(), person: z.string() });
export type AccountLink = z.output<typeof AccountLink>;

/** Which person a platform's account is. */
export const linkKind: Kind<AccountLink> = {
  name: 'account',
  schema: AccountLink,
  indexes: { by_person: ({ channel, account, person }) => ({ partition: `${channel} ${person}`, sort: account }) },
};

const MOST_LINKS = 20;

/** The accounts that were linked to a person on a channel. @throws OpsError `store_unavailable` */
export async function linkedAccounts(store: Store, channel: string, person: string): Promise<string[]> {
  const list = { index: 'by_person', partition: `${channel} ${person}`, limit: MOST_LINKS };
  return (await store.query(linkKind, list)).rows.map(({ value }) => value.account);
}
