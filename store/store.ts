import type { z } from 'zod';

/**
 * A kind of record: its name, its schema, and the lists it can be read by.
 * An index maps a value to a partition and a sort text (ISO times sort by themselves); `undefined` leaves it out.
 */
export interface Kind<T> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly indexes: Readonly<Record<string, (value: T) => IndexKey | undefined>>;
  /** Epoch ms after which the row may be cleaned up. Never used to decide: callers compare times themselves. */
  readonly expiresAt?: (value: T) => number;
}

export interface IndexKey {
  partition: string;
  sort: string;
}

export interface Stored<T> {
  id: string;
  /** 1 when first put; one more with each update. */
  version: number;
  value: T;
}

export interface Query {
  index: string;
  partition: string;
  /** Sort bounds: `from` included, `to` excluded. */
  from?: string;
  to?: string;
  newestFirst?: boolean;
  /** 1–200 rows a page. */
  limit: number;
  /** The `next` of the page before. */
  after?: string;
}

export interface Page<T> {
  rows: Stored<T>[];
  next?: string;
}

/** Which rows stand in a list, and in which version, without what is in them: for counting, and for seeing what moved. */
export interface Places {
  rows: Pick<Stored<unknown>, 'id' | 'version'>[];
  next?: string;
}

/** A kind whose value type is not known here: a transaction holds rows of many kinds; `put`, `update` … below are typed. */
export interface AnyKind {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly indexes: Readonly<Record<string, (value: never) => IndexKey | undefined>>;
  readonly expiresAt?: (value: never) => number;
}

export type Write =
  | { op: 'put'; kind: AnyKind; id: string; value: unknown }
  | { op: 'update'; kind: AnyKind; id: string; version: number; value: unknown }
  | { op: 'check'; kind: AnyKind; id: string; version: number | 'absent' }
  | { op: 'delete'; kind: AnyKind; id: string; version: number };

export type Committed =
  | { committed: true }
  /** `version` is what the row holds now; undefined when it does not exist. */
  | { committed: false; because: 'conflict'; kind: string; id: string; version?: number }
  /** The store's clock had reached `before` when the transaction was to be committed. */
  | { committed: false; because: 'late' };

/**
 * The narrow waist: every record lives behind these verbs, on every engine.
 * `transact` is all or nothing and durable when it resolves; `get` is always consistent; `query` reads one index, one page,
 * `places` the same page without the values.
 *
 * @throws OpsError `store_unavailable` (locked, full, unreachable: retryable) or `store_corrupt` (a row its schema refuses, a broken file)
 */
export interface Store {
  get<T>(kind: Kind<T>, id: string): Promise<Stored<T> | undefined>;
  query<T>(kind: Kind<T>, query: Query): Promise<Page<T>>;
  places(kind: AnyKind, query: Query): Promise<Places>;
  /**
   * At most 100 writes. `before` is an epoch-ms deadline compared inside the transaction. `mayWait`: nobody waits for it, so it
   * may share the commit of a call that comes a few milliseconds later.
   */
  transact(writes: readonly Write[], options?: { before?: number; mayWait?: boolean }): Promise<Committed>;
  close(): Promise<void>;
}

export const put = <T>(kind: Kind<T>, id: string, value: T): Write => ({ op: 'put', kind, id, value });
export const update = <T>(kind: Kind<T>, row: Stored<T>, value: T): Write => ({
  op: 'update',
  kind,
  id: row.id,
  version: row.version,
  value,
});
export const check = <T>(kind: Kind<T>, id: string, version: number | 'absent'): Write => ({
  op: 'check',
  kind,
  id,
  version,
});
export const remove = <T>(kind: Kind<T>, row: Stored<T>): Write => ({
  op: 'delete',
  kind,
  id: row.id,
  version: row.version,
});
