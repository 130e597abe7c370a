import { OpsError } from '../lib/errors.ts';
import { fromCursor, type Place } from './page.ts';
import type { Entry } from './row.ts';
import type { Query } from './store.ts';

/**
 * One table, three sorts of items. A row:   pk 'row/<kind>/<id>',               sk 'row'.
 * A place of a row in a list:               pk 'list/<kind>/<index>/<partition>', sk '<sort>\u0001<id>\u0001'.
 * What the table is:                        pk 'table',                          sk 'table'.
 * Places are items of the table and no secondary index, so that a list can be read consistently: an index lags behind.
 */
export interface Key {
  pk: string;
  sk: string;
}

/** The bytes DynamoDB takes for the two halves of a key. */
const mostInPk = 2048;
const mostInSk = 1024;

export const ROW = 'row';
export const ROW_PREFIX = `${ROW}/`;
export const TABLE_KEY: Key = { pk: 'table', sk: 'table' };

/** @throws OpsError `input_invalid` for an id that is too long to be a key */
export function rowKey(kind: string, id: string): Key {
  return { pk: fitting(`${ROW_PREFIX}${kind}/${ordered(id)}`, mostInPk), sk: ROW };
}

/** @throws OpsError `input_invalid` for a partition, sort text and id that are too long to be a key */
export function placeKey(kind: string, [index, partition, sort]: Entry, id: string): Key {
  return { pk: listKey(kind, index, partition), sk: fitting(`${markOf({ sort, id })}${END}`, mostInSk) };
}

export function listKey(kind: string, index: string, partition: string): string {
  return fitting(`list/${kind}/${index}/${ordered(partition)}`, mostInPk);
}

/** Sort keys of a list, both ends included. */
export interface Range {
  low: string;
  high?: string;
}

/** Where the rows of a page stand; nothing when no row can lie between them. A cursor cannot widen the range. */
export function rangeOf({ from = '', to, after, newestFirst }: Query): Range | undefined {
  const mark = after === undefined ? undefined : markOf(fromCursor(after));
  const lowest = ordered(from) || END;
  const low = mark !== undefined && !newestFirst ? greater(lowest, `${mark}${AFTER_END}`) : lowest;
  const highest = to === undefined ? undefined : ordered(to);
  const high = mark !== undefined && newestFirst ? lesser(mark, highest) : highest;
  if (high !== undefined && compare(low, high) > 0) return undefined;
  fitting(low, mostInSk);
  return high === undefined ? { low } : { low, high: fitting(high, mostInSk) };
}

/** What is left of a range behind the place with this sort key. */
export function rangeBehind(range: Range, sk: string, newestFirst: boolean): Range {
  const mark = sk.slice(0, -END.length);
  return newestFirst ? { ...range, high: mark } : { ...range, low: `${mark}${AFTER_END}` };
}

/** Between a sort text and its id, and behind the id: below whatever `ordered` leaves in a text. */
const END = '\u0001';
/** Behind a mark this is more than its row and less than any row whose id goes on. */
const AFTER_END = '\u0002';

/** Without its last END, which keys have: a mark is less than its own row and more than the row before. */
function markOf({ sort, id }: Place): string {
  return `${ordered(sort)}${END}${ordered(id)}`;
}

/** In the same order of bytes, and free of the characters that end a part of a key. Keys stay readable in AWS's console. */
function ordered(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0002]/g, (low) => `\u0002${String.fromCharCode(low.charCodeAt(0) + 1)}`);
}

function fitting(key: string, mostBytes: number): string {
  if (Buffer.byteLength(key) <= mostBytes) return key;
  throw new OpsError('input_invalid', `a key in the store would be longer than ${mostBytes} bytes`, {
    hint: 'Use a shorter name, id or filter.',
  });
}

const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const greater = (a: string, b: string): string => (compare(a, b) >= 0 ? a : b);
const lesser = (a: string, b: string | undefined): string => (b !== undefined && compare(b, a) < 0 ? b : a);
