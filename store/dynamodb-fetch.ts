import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  GetItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { asked, startPatience, type Table } from './dynamodb-client.ts';
import { throttled } from './dynamodb-errors.ts';
import { gather } from './dynamodb-gather.ts';
import { type HeldRow, type Item, keyItem, parseItem } from './dynamodb-items.ts';
import { type Range, ROW, rowKey } from './dynamodb-keys.ts';

/** What BatchGetItem takes. */
const mostKeys = 100;

const text = z.object({ S: z.string() }).transform(({ S }) => S);
const Place = z.object({ sk: text, id: text });
/** Where a row stands in a list. */
export type Place = z.output<typeof Place>;

/** The requests that read, each strongly consistent. */
export interface Fetch {
  row(kind: string, id: string): Promise<HeldRow | undefined>;
  /** `bodies: false` leaves out what is in the rows. */
  rows(kind: string, ids: readonly string[], options: { bodies: boolean }): Promise<HeldRow[]>;
  places(pk: string, range: Range, options: { limit: number; newestFirst: boolean }): Promise<Place[]>;
}

export function createFetch(table: Table): Fetch {
  const { name: TableName, client } = table;

  /** DynamoDB gives what fits into 16 MB, or what it is not too busy for, and names the rest. */
  async function batch(keys: Item[], bodies: boolean): Promise<Item[]> {
    const wanted = bodies ? {} : { ProjectionExpression: 'kind, id, version, listed' };
    const items: Item[] = [];
    const patience = startPatience();
    for (let left = keys; left.length > 0; ) {
      const command = new BatchGetItemCommand({
        RequestItems: { [TableName]: { Keys: left, ConsistentRead: true, ...wanted } },
      });
      const answer: BatchGetItemCommandOutput = await asked(table, (abortSignal) =>
        client.send(command, { abortSignal }),
      );
      const got = answer.Responses?.[TableName] ?? [];
      items.push(...got);
      left = answer.UnprocessedKeys?.[TableName]?.Keys ?? [];
      if (left.length > 0 && got.length === 0 && !(await patience.goOn())) throw throttled(TableName);
    }
    return items;
  }

  async function batches(keys: Item[], bodies: boolean): Promise<Item[]> {
    const chunks = Array.from({ length: Math.ceil(keys.length / mostKeys) }, (_, n) =>
      keys.slice(n * mostKeys, (n + 1) * mostKeys),
    );
    return (await Promise.all(chunks.map((chunk) => batch(chunk, bodies)))).flat();
  }

  async function one(Key: Item): Promise<Item[]> {
    const command = new GetItemCommand({ TableName, Key, ConsistentRead: true });
    const { Item } = await asked(table, (abortSignal) => client.send(command, { abortSignal }));
    return Item ? [Item] : [];
  }

  const itemAt = gather(async (pks) => {
    const keys = pks.map((pk) => keyItem({ pk, sk: ROW }));
    const [only] = keys;
    const items = only && keys.length === 1 ? await one(only) : await batches(keys, true);
    return new Map(items.map((item) => [item.pk?.S, item]));
  });

  return {
    async row(kind, id) {
      const item = await itemAt(rowKey(kind, id).pk);
      return item && parseItem(item);
    },
    async rows(kind, ids, { bodies }) {
      const keys = ids.map((id) => keyItem(rowKey(kind, id)));
      return (await batches(keys, bodies)).map(parseItem);
    },
    async places(pk, { low, high }, { limit, newestFirst }) {
      const command = new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression:
          high === undefined ? 'pk = :pk AND sk >= :low' : 'pk = :pk AND sk BETWEEN :low AND :high',
        ExpressionAttributeValues: {
          ':pk': { S: pk },
          ':low': { S: low },
          ...(high === undefined ? {} : { ':high': { S: high } }),
        },
        ScanIndexForward: !newestFirst,
        Limit: limit,
      });
      const { Items = [] } = await asked(table, (abortSignal) => client.send(command, { abortSignal }));
      return Items.map((item) => Place.parse(item));
    },
  };
}
