import type { Clock } from '../lib/clock.ts';
import { OpsError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { StoreAdmin } from './admin.ts';
import type { Store } from './store.ts';

interface Deps {
  clock: Clock;
  log: Log;
  /** Of a DynamoDB table; what the AWS SDK finds when left out. */
  region?: string;
  /** Of a SQLite file, as `createSqliteStore` says. */
  longestHoldMs?: number;
}

type Place = { engine: 'sqlite'; path: string } | { engine: 'dynamodb'; table: string };

/**
 * Opens the store that `STORE` names: `sqlite:<path>`, relative to the working folder, or `dynamodb:<table>`. Engines are
 * loaded when named.
 *
 * @throws OpsError `config_invalid` for an engine nobody knows, else what the engine throws
 */
export async function openStore(uri: string, { region, longestHoldMs, ...deps }: Deps): Promise<Store> {
  const place = placeOf(uri);
  if (place.engine === 'dynamodb') {
    const { createDynamodbStore } = await import('./dynamodb.ts');
    return createDynamodbStore({ table: place.table, region, ...deps });
  }
  const { createSqliteStore } = await import('./sqlite.ts');
  return createSqliteStore({ path: place.path, longestHoldMs, ...deps });
}

/** The same store for whoever runs it: to make, check, copy. @throws as `openStore` */
export async function openStoreAdmin(uri: string, region?: string): Promise<StoreAdmin> {
  const place = placeOf(uri);
  if (place.engine === 'dynamodb') {
    const { openDynamodbAdmin } = await import('./dynamodb-admin.ts');
    return openDynamodbAdmin(place.table, region);
  }
  const { openSqliteAdmin } = await import('./sqlite-admin.ts');
  return openSqliteAdmin(place.path);
}

function placeOf(uri: string): Place {
  const [, engine, name = ''] = /^(sqlite|dynamodb):(.+)$/s.exec(uri) ?? [];
  if (engine === 'sqlite') return { engine, path: name };
  if (engine === 'dynamodb') return { engine, table: name };
  throw new OpsError('config_invalid', 'STORE names no store that OpsAgent knows', {
    hint: 'Set STORE to sqlite:<path>, for example sqlite:./data/opsagent.db, or to dynamodb:<table>.',
  });
}
