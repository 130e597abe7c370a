import type { Clock } from '../lib/clock.ts';
import { OpsError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from './store.ts';

interface Deps {
  clock: Clock;
  log: Log;
}

/**
 * Opens the store that `STORE` names: `sqlite:<path>`, relative to the working folder. Engines are loaded when named.
 *
 * @throws OpsError `config_invalid` for an engine nobody knows, else what the engine throws
 */
export async function openStore(uri: string, deps: Deps): Promise<Store> {
  const path = uri.startsWith('sqlite:') ? uri.slice('sqlite:'.length) : '';
  if (path === '') {
    throw new OpsError('config_invalid', 'STORE names no store that OpsAgent knows', {
      hint: 'Set STORE to sqlite:<path>, for example sqlite:./data/opsagent.db.',
    });
  }
  const { createSqliteStore } = await import('./sqlite.ts');
  return createSqliteStore({ path, ...deps });
}
