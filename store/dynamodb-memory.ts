import type { HeldRow } from './dynamodb-items.ts';

type Version = Pick<HeldRow, 'kind' | 'id' | 'version'>;

/**
 * The lists that rows seen lately stand in, so that an update need not read its row first. A hint only: every write
 * checks it in its condition.
 */
export interface Memory {
  listed(row: Version): string | undefined;
  remember(row: Version & { listed: string }): void;
}

const mostRows = 10_000;

export function createMemory(): Memory {
  const seen = new Map<string, { version: number; listed: string }>();

  return {
    listed({ kind, id, version }) {
      const known = seen.get(keyOf(kind, id));
      return known?.version === version ? known.listed : undefined;
    },
    remember({ kind, id, version, listed }) {
      const key = keyOf(kind, id);
      seen.delete(key);
      seen.set(key, { version, listed });
      const [oldest] = seen.keys();
      if (seen.size > mostRows && oldest !== undefined) seen.delete(oldest);
    },
  };
}

const keyOf = (kind: string, id: string): string => JSON.stringify([kind, id]);
