import type { ReadyWrite } from './row.ts';

/** In which version a refused transaction found a row. */
interface Sighting {
  /** When the transaction was sent, by `tick`. */
  sent: number;
  version: number | undefined;
}

export interface Sightings {
  /** One more than the time before. */
  tick(): number;
  see(row: Row, sighting: Sighting): void;
  forget(row: Row): void;
  /** The first row that was seen, after `made`, in another version than the write expects. */
  against(writes: readonly ReadyWrite[], made: number): { write: ReadyWrite; version: number | undefined } | undefined;
}

type Row = Pick<ReadyWrite, 'kind' | 'id'>;

const mostRows = 1000;

/**
 * What transactions were refused for, told to the calls of this process that were waiting behind them. Audit records are
 * pipelined, each built on the one before: when another process moves the chain, all that wait would go to DynamoDB to hear the same.
 * A sighting counts only for a call that was made before it, so that it is an answer to that call too.
 */
export function createSightings(): Sightings {
  const seen = new Map<string, Sighting>();
  let now = 0;

  return {
    tick() {
      now += 1;
      return now;
    },
    see(row, sighting) {
      const key = keyOf(row);
      seen.delete(key);
      seen.set(key, sighting);
      const [oldest] = seen.keys();
      if (seen.size > mostRows && oldest !== undefined) seen.delete(oldest);
    },
    forget: (row) => void seen.delete(keyOf(row)),
    against(writes, made) {
      for (const write of writes) {
        const sighting = seen.get(keyOf(write));
        if (sighting === undefined || sighting.sent <= made) continue;
        if ((sighting.version ?? 'absent') !== write.expects) return { write, version: sighting.version };
      }
      return undefined;
    },
  };
}

const keyOf = ({ kind, id }: Row): string => JSON.stringify([kind, id]);
