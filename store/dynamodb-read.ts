import type { Fetch, Place } from './dynamodb-fetch.ts';
import { type HeldRow, parseListed } from './dynamodb-items.ts';
import { type Key, listKey, placeKey, type Range, rangeBehind, rangeOf } from './dynamodb-keys.ts';
import { checkQuery, toCursor } from './page.ts';
import type { AnyKind, Query } from './store.ts';

/** A row, and the sort text of the place it was found at. */
interface Found {
  sort: string;
  row: HeldRow;
}

interface List {
  kind: string;
  pk: string;
  bodies: boolean;
}

/** Reads one page of a list: one Query for the places, and one BatchGetItem for each hundred rows. */
export async function readPage(
  fetch: Fetch,
  kind: AnyKind,
  query: Query,
  { bodies }: { bodies: boolean },
): Promise<{ rows: HeldRow[]; next?: string }> {
  checkQuery(kind, query);
  const { index, partition, limit, newestFirst = false } = query;
  const list = { kind: kind.name, pk: listKey(kind.name, index, partition), bodies };
  const found: Found[] = [];
  let more = false;
  for (let range: Range | undefined = rangeOf(query); range !== undefined; ) {
    // One place more than asked tells whether there is another page. 201 places are less than the 1 MB of a Query.
    const wanted: number = limit - found.length;
    const places: Place[] = await fetch.places(list.pk, range, { limit: wanted + 1, newestFirst });
    found.push(...(await standing(fetch, list, places.slice(0, wanted))));
    more = places.length > wanted;
    const last = places.at(wanted - 1);
    range = more && found.length < limit && last ? rangeBehind(range, last.sk, newestFirst) : undefined;
  }
  const end = found.at(-1);
  const rows = found.map(({ row }) => row);
  return { rows, next: more && end ? toCursor({ sort: end.sort, id: end.row.id }) : undefined };
}

/** Rows may be cleaned up, deleted or moved between the two reads: a place counts only if its row still names it. */
async function standing(fetch: Fetch, { kind, pk, bodies }: List, places: readonly Place[]): Promise<Found[]> {
  const ids = places.map(({ id }) => id);
  const rows = new Map((await fetch.rows(kind, ids, { bodies })).map((row) => [row.id, row]));
  return places.flatMap(({ id, sk }) => {
    const row = rows.get(id);
    const entry = row && parseListed(row).entries.find((one) => isSame(placeKey(kind, one, id), { pk, sk }));
    return row && entry ? [{ sort: entry[2], row }] : [];
  });
}

const isSame = (one: Key, other: Key): boolean => one.pk === other.pk && one.sk === other.sk;
