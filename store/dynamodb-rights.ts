import { randomUUID } from 'node:crypto';
import { BatchGetItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { asOpsError } from '../lib/errors.ts';
import type { Finding } from './admin.ts';
import { asked, type Table } from './dynamodb-client.ts';

/** Whether the row was written does not matter here. */
const HOLDS_ANYWAY = 'attribute_exists(pk) OR attribute_not_exists(pk)';

/** Tries what a running OpsAgent does; what it writes, it takes away again. GetItem was needed to come this far. */
export async function tryRights(table: Table): Promise<Finding[]> {
  const { name: TableName, client } = table;
  const pk = { S: `check/${randomUUID()}` };
  const Key = { pk, sk: { S: 'check' } };
  const attempts: readonly [what: string, attempt: (abortSignal: AbortSignal) => Promise<unknown>][] = [
    [
      'read lists (Query)',
      (abortSignal) => {
        const ExpressionAttributeValues = { ':pk': pk };
        const input = {
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues,
          ConsistentRead: true,
        };
        return client.send(new QueryCommand(input), { abortSignal });
      },
    ],
    [
      'read rows together (BatchGetItem)',
      (abortSignal) =>
        client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] } } }), { abortSignal }),
    ],
    [
      'write (PutItem)',
      (abortSignal) =>
        client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: Key } }] }), {
          abortSignal,
        }),
    ],
    [
      'compare (ConditionCheckItem)',
      (abortSignal) => {
        const check = { TableName, Key, ConditionExpression: HOLDS_ANYWAY };
        return client.send(new TransactWriteItemsCommand({ TransactItems: [{ ConditionCheck: check }] }), {
          abortSignal,
        });
      },
    ],
    [
      'delete (DeleteItem)',
      (abortSignal) =>
        client.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key } }] }), {
          abortSignal,
        }),
    ],
  ];
  const findings: Finding[] = [];
  for (const [what, attempt] of attempts) findings.push(await tried(table, what, attempt));
  return findings;
}

async function tried(table: Table, what: string, attempt: (signal: AbortSignal) => Promise<unknown>): Promise<Finding> {
  try {
    await asked(table, attempt);
    return { ok: true, said: `this role may ${what}` };
  } catch (error) {
    return { ok: false, said: `this role could not ${what}: ${asOpsError(error).message}` };
  }
}
