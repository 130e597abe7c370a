import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { type Item, keyItem, type Listed, listedOf, parseListed, placeItem, rowItem } from './dynamodb-items.ts';
import { placeKey, rowKey } from './dynamodb-keys.ts';
import { type Entry, fault, type ReadyWrite } from './row.ts';

/** What TransactWriteItems takes. */
const mostActions = 100;

/** A write, and the `listed` its row is thought to have now: the condition says whether that is so. */
export interface Guessed {
  write: ReadyWrite;
  held: string | undefined;
}

/**
 * The actions of one transaction: first one a row, in the order of the writes, then one for each place that comes or goes.
 *
 * @throws OpsError `internal` when that makes more than 100: each index a written row enters or leaves counts as one
 */
export function actionsOf(table: string, guesses: readonly Guessed[], transaction: string): TransactWriteItem[] {
  const actions = [
    ...guesses.map((guess) => onRow(table, guess, transaction)),
    ...guesses.flatMap((guess) => onPlaces(table, guess)),
  ];
  if (actions.length <= mostActions) return actions;
  throw fault(
    `a transaction makes ${actions.length} items with the lists its rows stand in, DynamoDB takes ${mostActions}`,
  );
}

function onRow(TableName: string, { write, held }: Guessed, transaction: string): TransactWriteItem {
  const { kind, id, expects, effect } = write;
  const Key = keyItem(rowKey(kind, id));
  const condition = conditionOf(expects, effect.type === 'keep' ? undefined : held);
  const common = { TableName, ...condition, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
  switch (effect.type) {
    case 'keep':
      return { ConditionCheck: { Key, ...common } };
    case 'remove':
      return { Delete: { Key, ...common } };
    case 'write': {
      const version = expects === 'absent' ? 1 : expects + 1;
      const row = { kind, id, version, listed: listedOf(effect.row), body: effect.row.body, transaction };
      return { Put: { Item: rowItem(row), ...common } };
    }
  }
}

function conditionOf(expects: number | 'absent', held: string | undefined) {
  if (expects === 'absent') return { ConditionExpression: 'attribute_not_exists(pk)' };
  const version = { ':version': { N: String(expects) } };
  if (held === undefined) return { ConditionExpression: 'version = :version', ExpressionAttributeValues: version };
  return {
    ConditionExpression: 'version = :version AND listed = :listed',
    ExpressionAttributeValues: { ...version, ':listed': { S: held } } satisfies Item,
  };
}

/** A place that stays is written again only when it is to be kept longer or shorter than before. */
function onPlaces(TableName: string, { write, held }: Guessed): TransactWriteItem[] {
  const { kind, id, effect } = write;
  if (effect.type === 'keep') return [];
  const before = held === undefined ? nowhere : parseListed({ kind, id, listed: held });
  const after = effect.type === 'write' ? parseListed({ kind, id, listed: listedOf(effect.row) }) : nowhere;
  const sameExpiry = before.expires_at === after.expires_at;
  const come = after.entries.filter((entry) => !(sameExpiry && has(before, entry)));
  const go = before.entries.filter((entry) => !has(after, entry));
  return [
    ...come.map((entry) => ({ Put: { TableName, Item: placeItem(kind, id, entry, after) } })),
    ...go.map((entry) => ({ Delete: { TableName, Key: keyItem(placeKey(kind, entry, id)) } })),
  ];
}

const nowhere: Listed = { entries: [] };

const has = ({ entries }: Listed, entry: Entry): boolean =>
  entries.some((one) => one.every((part, n) => part === entry[n]));
