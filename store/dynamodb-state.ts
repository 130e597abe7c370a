import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { OpsError } from '../lib/errors.ts';
import { asked, type Table } from './dynamodb-client.ts';
import { keyItem } from './dynamodb-items.ts';
import { TABLE_KEY } from './dynamodb-keys.ts';

/** How the keys of the table are made; it changes when an older OpsAgent could not read them. */
export const tableSchema = 1;

const State = z.object({
  schema: z.object({ N: z.coerce.number<string>().int() }).transform(({ N }) => N),
  state: z.object({ S: z.enum(['ready', 'importing']) }).transform(({ S }) => S),
});
export type TableState = z.output<typeof State>;

/** What the table says of itself; nothing when OpsAgent has not set it up. @throws OpsError `store_unavailable` */
export async function readState(table: Table): Promise<TableState | undefined> {
  const command = new GetItemCommand({ TableName: table.name, Key: keyItem(TABLE_KEY), ConsistentRead: true });
  const { Item } = await asked(table, (abortSignal) => table.client.send(command, { abortSignal }));
  return Item && State.parse(Item);
}

export async function writeState(table: Table, state: TableState['state']): Promise<void> {
  const item = { ...keyItem(TABLE_KEY), schema: { N: String(tableSchema) }, state: { S: state } };
  const command = new PutItemCommand({ TableName: table.name, Item: item });
  await asked(table, (abortSignal) => table.client.send(command, { abortSignal }));
}

/** @throws OpsError `store_unavailable` for a table that must not be used as it is */
export async function assertReady(table: Table): Promise<void> {
  const found = await readState(table);
  const trouble = troubleWith(found);
  if (trouble === undefined) return;
  throw new OpsError('store_unavailable', `${trouble.what} (${table.name})`, { hint: trouble.hint });
}

export function troubleWith(found: TableState | undefined): { what: string; hint: string } | undefined {
  if (found === undefined)
    return {
      what: 'the table was not set up by OpsAgent',
      hint: 'Run `opsagent store create`, or name another table.',
    };
  if (found.schema > tableSchema)
    return {
      what: `the table was written by a newer OpsAgent: schema ${found.schema}, known here ${tableSchema}`,
      hint: 'Start the newer OpsAgent again, or restore the table to a point in time before the upgrade.',
    };
  if (found.state === 'importing')
    return {
      what: 'an import into the table did not come to its end',
      hint: 'Delete the table, make it anew with `opsagent store create`, and import again.',
    };
  return undefined;
}
