import { createHash } from 'node:crypto';
import { z } from 'zod';
import { OpsError } from '../lib/errors.ts';
import { check, type Kind, put, type Store, type Write } from '../store/store.ts';
import { CHAIN, headKind } from './audit-record.ts';

/** One hexadecimal digit names a chain. */
export const MOST_CHAINS = 16;

const Layout = z.strictObject({ chains: z.number().int().min(1).max(MOST_CHAINS) });
type Layout = z.output<typeof Layout>;

/** How many chains the record has: written once, before the first record. A store that has records and no such row has one. */
const layoutKind: Kind<Layout> = { name: 'audit_layout', schema: Layout, indexes: {} };
const LAYOUT = 'audit';

/** The chains of one store. */
export interface Chains {
  /** 'main'; or 'main-0', 'main-1' … where there are several. */
  readonly names: readonly string[];
  /** Holds while the store says the same of its chains. */
  readonly unchanged: Write;
}

/** @throws OpsError `store_unavailable`, `store_corrupt` */
export async function readChains(store: Store): Promise<Chains> {
  const row = await store.get(layoutKind, LAYOUT);
  const unchanged = check(layoutKind, LAYOUT, row?.version ?? 'absent');
  return { names: namesOf(row?.value.chains ?? 1), unchanged };
}

export function namesOf(count: number): readonly string[] {
  return count === 1 ? [CHAIN] : Array.from({ length: count }, (_, place) => `${CHAIN}-${place.toString(16)}`);
}

/** The chain of a request's records: all in one, so that they stay in order. */
export function chainFor(correlationId: string, names: readonly string[]): string {
  const [only = CHAIN] = names;
  if (names.length === 1) return only;
  const place = createHash('sha256').update(correlationId).digest().readUInt32BE() % names.length;
  return names[place] ?? only;
}

/**
 * Says how many chains a store has that holds no record yet. Nothing is changed in a store that has its number already, by a
 * row or by its first record; of several processes one wins, since the first record of a chain demands that the number still holds.
 *
 * @returns how many there are
 * @throws OpsError `input_invalid` for a number outside 1–16, `store_unavailable`
 */
export async function fixChains(store: Store, count: number): Promise<number> {
  const { data: layout } = Layout.safeParse({ chains: count });
  if (!layout)
    throw new OpsError('input_invalid', `The record has 1 to ${MOST_CHAINS} chains, not ${count}.`, {
      hint: `Say a number from 1 to ${MOST_CHAINS}.`,
    });
  if (!(await store.get(layoutKind, LAYOUT)))
    await store.transact([put(layoutKind, LAYOUT, layout), check(headKind, CHAIN, 'absent')]);
  return (await readChains(store)).names.length;
}

/** Whether the record was refused because the number of chains is another one than was read. */
export const isAboutChains = (kind: string): boolean => kind === layoutKind.name;

/** How people quote a record: '1234', or '3/1234' for one of chain 'main-3'. */
export function quoted({ chain, seq }: { chain: string; seq: number }): string {
  return chain === CHAIN ? String(seq) : `${chain.replace(`${CHAIN}-`, '')}/${seq}`;
}
