import type Database from 'better-sqlite3';
import { checkQuery, fromCursor, toCursor } from './page.ts';
import type { AnyKind, Query } from './store.ts';

interface Place {
  sort: string;
  id: string;
  version: number;
}

type Listed = Place & { body: string };

/** In SQLite's order every blob stands behind every text: a bound beyond the last row. */
const beyond = Buffer.alloc(0);
type Bound = string | Buffer;

/**
 * CROSS JOIN keeps the planner at it: walk the range of the list, look each row up by its key. It must not look at what is bound
 * either (`+?`, `(SELECT ?)`): a statement whose plan was made for one value is planned anew for the next, which costs ten times the read.
 */
const list = (columns: string, range: string, direction: 'ASC' | 'DESC') => `
  SELECT ${columns}
  FROM entries e CROSS JOIN records r ON r.kind = e.kind AND r.id = e.id
  WHERE e.kind = +? AND e.list = +? AND e.partition = +? AND ${range}
  ORDER BY e.sort ${direction}, e.id ${direction} LIMIT (SELECT ?)`;

export interface Reader {
  get(kind: string, id: string): { version: number; body: string } | undefined;
  page(kind: AnyKind, query: Query): { rows: Listed[]; next?: string };
  /** The same rows without what is in them. */
  places(kind: AnyKind, query: Query): { rows: Place[]; next?: string };
}

export function createReader(db: Database.Database): Reader {
  const one = db.prepare<[string, string], { version: number; body: string }>(
    'SELECT version, body FROM records WHERE kind = ? AND id = ?',
  );
  const whole = createLister<Listed>(db, 'e.sort, e.id, r.version, r.body');
  const bare = createLister<Place>(db, 'e.sort, e.id, r.version');
  return { get: (kind, id) => one.get(kind, id), page: whole, places: bare };
}

function createLister<Row extends Place>(db: Database.Database, columns: string) {
  type Range = [kind: string, list: string, partition: string, sort: Bound, id: string, stop: Bound, limit: number];
  const oldestFirst = db.prepare<Range, Row>(list(columns, '(e.sort, e.id) > (+?, +?) AND e.sort < +?', 'ASC'));
  const newestFirst = db.prepare<Range, Row>(list(columns, '(e.sort, e.id) < (+?, +?) AND e.sort >= +?', 'DESC'));

  return (kind: AnyKind, query: Query): { rows: Row[]; next?: string } => {
    checkQuery(kind, query);
    const { from = '', to = beyond, limit } = query;
    const statement = query.newestFirst ? newestFirst : oldestFirst;
    const [sort, id] = startOf(query, query.newestFirst ? to : from);
    const stop = query.newestFirst ? from : to;
    // One row more than asked tells whether there is another page.
    const found = statement.all(kind.name, query.index, query.partition, sort, id, stop, limit + 1);
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    return { rows, next: found.length > limit && last ? toCursor(last) : undefined };
  };
}

/** Where the page starts. No id is empty, so (edge, '') stands before every row at the edge. A cursor cannot widen the range. */
function startOf({ after, newestFirst }: Query, edge: Bound): [sort: Bound, id: string] {
  if (after === undefined) return [edge, ''];
  const { sort, id } = fromCursor(after);
  if (edge === beyond) return [sort, id];
  const order = Buffer.compare(Buffer.from(sort), Buffer.from(edge));
  const inside = newestFirst ? order < 0 : order >= 0;
  return inside ? [sort, id] : [edge, ''];
}
