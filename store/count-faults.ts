import { asOpsError, type ErrorCode } from '../lib/errors.ts';
import type { Store } from './store.ts';

/** The same store; `count` hears the code of each call that failed through the store's own fault. Every engine, one place. */
export function countFaults(store: Store, count: (code: ErrorCode) => void): Store {
  async function counted<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const { code } = asOpsError(error);
      if (code.startsWith('store_')) count(code);
      throw error;
    }
  }

  return {
    get: (kind, id) => counted(store.get(kind, id)),
    query: (kind, query) => counted(store.query(kind, query)),
    places: (kind, query) => counted(store.places(kind, query)),
    transact: (writes, options) => counted(store.transact(writes, options)),
    close: () => store.close(),
  };
}
