import type { Clock } from '../lib/clock.ts';
import { OpsError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { connectTable } from './dynamodb-client.ts';
import { createFetch } from './dynamodb-fetch.ts';
import type { HeldRow } from './dynamodb-items.ts';
import { createMemory } from './dynamodb-memory.ts';
import { readPage } from './dynamodb-read.ts';
import { assertReady } from './dynamodb-state.ts';
import { createWriter } from './dynamodb-write.ts';
import { isId, parseRow, readyWrites } from './row.ts';
import { createRowOrder } from './row-order.ts';
import type { Store } from './store.ts';

interface Options {
  table: string;
  /** What the AWS SDK finds when left out. */
  region?: string;
  clock: Clock;
  log: Log;
}

/**
 * The store in one DynamoDB table, for any number of machines. Every read is strongly consistent; a commit is one
 * TransactWriteItems, acknowledged when DynamoDB has it. Calls of this process that share a row go in the order they were made.
 *
 * @throws OpsError `store_unavailable` (no table, no rights, not made by OpsAgent, a newer schema, an import that did not end)
 */
export async function createDynamodbStore({ table: name, region, clock, log }: Options): Promise<Store> {
  const table = connectTable(name, region);
  const fetch = createFetch(table);
  const memory = createMemory();
  const writer = createWriter({ table, clock, memory, get: fetch.row });
  const order = createRowOrder();
  let closing: Promise<void> | undefined;
  try {
    await assertReady(table);
  } catch (error) {
    table.client.destroy();
    throw error;
  }

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof OpsError && error.code.startsWith('store_'))
        log.error({ code: error.code, ...error.facts }, 'store call failed');
      throw error;
    }
  }

  function assertOpen(): void {
    if (closing === undefined) return;
    throw new OpsError('store_unavailable', 'the store is closed', {
      hint: 'OpsAgent is stopping; ask again when it runs.',
    });
  }

  function seen(row: HeldRow): HeldRow & { body: string } {
    memory.remember(row);
    return { ...row, body: row.body ?? '' };
  }

  return {
    async get(kind, id) {
      assertOpen();
      const found = isId(id) ? await guarded(() => fetch.row(kind.name, id)) : undefined;
      return found && parseRow(kind, id, found.version, seen(found).body);
    },
    async query(kind, query) {
      assertOpen();
      const { rows, next } = await guarded(() => readPage(fetch, kind, query, { bodies: true }));
      return { rows: rows.map(seen).map(({ id, version, body }) => parseRow(kind, id, version, body)), next };
    },
    async places(kind, query) {
      assertOpen();
      const { rows, next } = await guarded(() => readPage(fetch, kind, query, { bodies: false }));
      return { rows: rows.map(({ id, version }) => ({ id, version })), next };
    },
    async transact(writes, { before } = {}) {
      assertOpen();
      const ready = readyWrites(writes);
      const rows = ready.map(({ kind, id }) => JSON.stringify([kind, id]));
      const made = writer.moment();
      return order.inTurn(rows, () => guarded(() => writer.commit({ writes: ready, before }, made)));
    },
    async close() {
      closing ??= order.drain().then(() => table.client.destroy());
      await closing;
    },
  };
}
