import type { CopiedRow } from './copied-row.ts';

/** One thing that was looked at or done, in a line for whoever runs the store. */
export interface Finding {
  ok: boolean;
  /** 'deletion protection is on' */
  said: string;
}

/** What is done to a store as a whole, by hand and not while it answers people. Throws as `Store` does. */
export interface StoreAdmin {
  /** Makes what is missing and leaves what is there. */
  create(): Promise<Finding[]>;
  /** Looks at keys, lists, pages and rights; what it writes to try, it takes away again. */
  check(): Promise<Finding[]>;
  /** Brings an older form of the store to the present one. */
  migrate(): Promise<Finding[]>;
  /** Every row, in no order that means anything. What is written meanwhile may be missing or torn. */
  rows(): AsyncIterable<CopiedRow>;
  /** @throws OpsError `store_unavailable` for a store that holds a row already */
  assertEmpty(): Promise<void>;
  /** Puts rows into an empty store, in the versions they have. */
  load(rows: AsyncIterable<CopiedRow>): Promise<void>;
  close(): Promise<void>;
}
