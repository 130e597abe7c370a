import { z } from 'zod';
import { OpsError } from '../../lib/errors.ts';
import { type Kind, put, type Store, update } from '../../store/store.ts';
import type { Tokens } from './model.ts';

/** What one turn, or one day so far, took of the model. */
export interface Spent {
  /** Requests to the model. Tools it asked for are not counted here. */
  calls: number;
  tokens: Tokens;
  costUsd: number;
}

const Count = z.number().int().min(0);

const DayUsage = z.strictObject({
  /** UTC: 2026-11-20. */
  day: z.iso.date(),
  /** E-mail, as in the people file. */
  person: z.string(),
  turns: Count,
  calls: Count,
  tokens: z.strictObject({ input: Count, cacheRead: Count, cacheWrite: Count, output: Count }),
  /** Millionths of a dollar: whole numbers add up without loss. */
  costMicroUsd: Count,
});
export type DayUsage = z.output<typeof DayUsage>;

const DAY_MS = 86_400_000;
/** A year can be compared with the one before at its end. */
const KEPT_MS = 400 * DAY_MS;
const MICRO = 1_000_000;
/** Turns of one person that end in the same moment; of those that collide one is always counted. */
const TRIES = 50;
const ALL = 'all';

const usageKind: Kind<DayUsage> = {
  name: 'model_usage',
  schema: DayUsage,
  indexes: { by_day: (row) => ({ partition: ALL, sort: idOf(row) }) },
  expiresAt: ({ day }) => Date.parse(day) + KEPT_MS,
};

/** What each person took of the model on each day, counted right by any number of processes. */
export interface UsageLedger {
  /**
   * Counts one turn to the day of `now`.
   *
   * @throws OpsError `store_unavailable`: the turn is not counted
   */
  add(person: string, now: number, spent: Spent): Promise<void>;
  /** Of the day of `now` so far, all turns together. */
  today(person: string, now: number): Promise<Spent>;
  /** The days from that of `from` to that of `now`, newest first; a person who used nothing on a day has no row. */
  days(from: number, now: number): Promise<DayUsage[]>;
}

export function createUsageLedger(store: Store): UsageLedger {
  return {
    add: (person, now, spent) => add(store, { day: dayOf(now), person }, spent),
    async today(person, now) {
      const row = await store.get(usageKind, idOf({ day: dayOf(now), person }));
      const { calls, tokens, costMicroUsd } = row?.value ?? nothing;
      return { calls, tokens, costUsd: costMicroUsd / MICRO };
    },
    async days(from, now) {
      const query = { index: 'by_day', partition: ALL, from: dayOf(from), to: dayOf(now + DAY_MS), limit: 200 };
      const rows: DayUsage[] = [];
      let after: string | undefined;
      do {
        const page = await store.query(usageKind, { ...query, newestFirst: true, after });
        rows.push(...page.rows.map(({ value }) => value));
        after = page.next;
      } while (after !== undefined);
      return rows;
    },
  };
}

export const noTokens: Tokens = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };

export function addTokens(one: Tokens, other: Tokens): Tokens {
  return {
    input: one.input + other.input,
    cacheRead: one.cacheRead + other.cacheRead,
    cacheWrite: one.cacheWrite + other.cacheWrite,
    output: one.output + other.output,
  };
}

type Key = Pick<DayUsage, 'day' | 'person'>;

const nothing = { turns: 0, calls: 0, tokens: noTokens, costMicroUsd: 0 };

/** Another process may count the same person in the same moment: whoever comes second reads again. */
async function add(store: Store, key: Key, spent: Spent): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const row = await store.get(usageKind, idOf(key));
    const next = withTurn(row?.value ?? { ...key, ...nothing }, spent);
    const write = row ? update(usageKind, row, next) : put(usageKind, idOf(key), next);
    const { committed } = await store.transact([write]);
    if (committed) return;
  }
  throw new OpsError('store_unavailable', 'Others kept counting model usage of the same person at the same time.', {
    hint: 'The usage of one turn was not counted. Fewer turns of one person at once avoid this.',
    retryable: true,
  });
}

function withTurn(day: DayUsage, { calls, tokens, costUsd }: Spent): DayUsage {
  return {
    ...day,
    turns: day.turns + 1,
    calls: day.calls + calls,
    tokens: addTokens(day.tokens, tokens),
    costMicroUsd: day.costMicroUsd + Math.round(costUsd * MICRO),
  };
}

function idOf({ day, person }: Key): string {
  return `${day} ${person}`;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
