import { randomUUID } from 'node:crypto';
import {
  BatchWriteItemCommand,
  type BatchWriteItemCommandOutput,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { OpsError } from '../lib/errors.ts';
import type { Finding, StoreAdmin } from './admin.ts';
import { type CopiedRow, copyOf } from './copied-row.ts';
import { asked, connectTable, startPatience, type Table } from './dynamodb-client.ts';
import { throttled } from './dynamodb-errors.ts';
import { type Item, listedOf, parseItem, parseListed, placeItem, rowItem } from './dynamodb-items.ts';
import { ROW_PREFIX, TABLE_KEY } from './dynamodb-keys.ts';
import { tryRights } from './dynamodb-rights.ts';
import { readState, troubleWith, writeState } from './dynamodb-state.ts';
import {
  keysAndProtection,
  makeTable,
  pointInTime,
  timeToLive,
  turnOnPointInTime,
  turnOnTimeToLive,
} from './dynamodb-table.ts';

/** What BatchWriteItem takes. */
const mostItems = 25;

/** The whole table. The one place that scans it, and no request of a person comes here. */
export function openDynamodbAdmin(name: string, region: string | undefined): StoreAdmin {
  const table = connectTable(name, region);

  return {
    create: () => create(table),
    check: () => check(table),
    async migrate() {
      return [state(await readState(table))];
    },
    rows: () => rows(table),
    async assertEmpty() {
      const trouble = troubleWith(await readState(table));
      if (trouble) throw new OpsError('store_unavailable', `${trouble.what} (${name})`, { hint: trouble.hint });
      // One of the two may be what the table says of itself.
      const { Items = [] } = await scan(table, { Limit: 2 });
      if (Items.every(({ pk }) => pk?.S === TABLE_KEY.pk)) return;
      throw new OpsError('store_unavailable', `the table is not empty (${name})`, {
        hint: 'Import into a new one: set STORE to dynamodb:<another name> and run `opsagent store create`.',
      });
    },
    async load(copied) {
      await writeState(table, 'importing');
      const items: Item[] = [];
      for await (const row of copied) {
        items.push(...itemsOf(row));
        while (items.length >= mostItems) await write(table, items.splice(0, mostItems));
      }
      if (items.length > 0) await write(table, items);
      await writeState(table, 'ready');
    },
    close: async () => table.client.destroy(),
  };
}

/** Can be run again after it was cut off. */
async function create(table: Table): Promise<Finding[]> {
  const made = await makeTable(table);
  const [keys, ...others] = await keysAndProtection(table);
  if (keys === undefined || !keys.ok) return [made, ...(keys ? [keys] : [])];
  if (!(await timeToLive(table)).ok) await turnOnTimeToLive(table);
  if (!(await pointInTime(table)).ok) await turnOnPointInTime(table);
  if ((await readState(table)) === undefined) await writeState(table, 'ready');
  return [made, keys, ...others, await timeToLive(table), await pointInTime(table), state(await readState(table))];
}

async function check(table: Table): Promise<Finding[]> {
  return [
    ...(await keysAndProtection(table)),
    await timeToLive(table),
    await pointInTime(table),
    state(await readState(table)),
    ...(await tryRights(table)),
  ];
}

function state(found: Awaited<ReturnType<typeof readState>>): Finding {
  const trouble = troubleWith(found);
  return trouble
    ? { ok: false, said: `${trouble.what}. ${trouble.hint}` }
    : { ok: true, said: 'the form of the table is the present one' };
}

async function* rows(table: Table): AsyncGenerator<CopiedRow> {
  const onlyRows = {
    FilterExpression: 'begins_with(pk, :row)',
    ExpressionAttributeValues: { ':row': { S: ROW_PREFIX } },
  };
  let from: Item | undefined;
  do {
    const page: ScanCommandOutput = await scan(table, { ...onlyRows, ExclusiveStartKey: from });
    for (const item of page.Items ?? []) yield toCopy(item);
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

function scan(table: Table, input: Omit<ScanCommandInput, 'TableName'>) {
  const command = new ScanCommand({ TableName: table.name, ConsistentRead: true, ...input });
  return asked(table, (abortSignal) => table.client.send(command, { abortSignal }));
}

function toCopy(item: Item): CopiedRow {
  const row = parseItem(item);
  const { entries, expires_at: seconds } = parseListed(row);
  const { kind, id, version, body = '' } = row;
  const expiresAt = seconds === undefined ? undefined : seconds * 1000;
  return copyOf({ kind, id, version, body, entries: JSON.stringify(entries), expires_at: expiresAt });
}

function itemsOf({ kind, id, version, value, entries, expires_at: expiresAt }: CopiedRow): Item[] {
  const listed = listedOf({ entries, expiresAt });
  const row = { kind, id, version, listed, body: JSON.stringify(value), transaction: randomUUID() };
  return [rowItem(row), ...entries.map((entry) => placeItem(kind, id, entry, parseListed(row)))];
}

/** DynamoDB takes what it is not too busy for, and names the rest. */
async function write(table: Table, items: readonly Item[]): Promise<void> {
  const patience = startPatience();
  for (let left: WriteRequest[] = items.map((Item) => ({ PutRequest: { Item } })); left.length > 0; ) {
    const command = new BatchWriteItemCommand({ RequestItems: { [table.name]: left } });
    const answer: BatchWriteItemCommandOutput = await asked(table, (abortSignal) =>
      table.client.send(command, { abortSignal }),
    );
    left = answer.UnprocessedItems?.[table.name] ?? [];
    if (left.length > 0 && !(await patience.goOn())) throw throttled(table.name);
  }
}
