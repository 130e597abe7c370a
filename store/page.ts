import { z } from 'zod';
import { OpsError } from '../lib/errors.ts';
import { fault } from './row.ts';
import type { AnyKind, Query } from './store.ts';

/** The place of a row in a list: the page after starts beyond it. */
export interface Place {
  sort: string;
  id: string;
}

const mostRows = 200;
const Cursor = z.tuple([z.string(), z.string().min(1)]);

/** @throws OpsError `internal` for a list the kind does not have or a page size outside 1–200 */
export function checkQuery(kind: AnyKind, { index, limit }: Query): void {
  if (!Object.hasOwn(kind.indexes, index)) throw fault(`${kind.name} has no index "${index}"`);
  if (!Number.isInteger(limit) || limit < 1 || limit > mostRows)
    throw fault(`a page has 1–${mostRows} rows, not ${limit}`);
}

export function toCursor({ sort, id }: Place): string {
  return Buffer.from(JSON.stringify([sort, id])).toString('base64url');
}

/** @throws OpsError `input_invalid`: cursors travel through browsers and come back as anything */
export function fromCursor(cursor: string): Place {
  const parsed = Cursor.safeParse(json(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success) {
    throw new OpsError('input_invalid', 'the mark of the next page cannot be read', {
      hint: 'Open the list again from its first page.',
    });
  }
  const [sort, id] = parsed.data;
  return { sort, id };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
