import type { Store } from '../../store/store.ts';
import { listContract, pageContract, placesContract } from './store-contract-lists.ts';
import { rowContract } from './store-contract-rows.ts';
import { limitContract, promiseContract, transactionContract } from './store-contract-transactions.ts';

export interface Opened {
  store: Store;
  /** Moves the clock that the store was given. */
  setNow(ms: number): void;
}

/** What every engine promises (store/store.ts). `open` gives an empty store each time; the suite closes it.
 * 'old limits': the counterpart takes fewer than 100 writes. */
export function storeContract(name: string, open: () => Promise<Opened>, takes: 'all' | 'old limits' = 'all'): void {
  describe(`the store contract on ${name}`, () => {
    let store: Store;
    let setNow: (ms: number) => void;

    beforeEach(async () => {
      ({ store, setNow } = await open());
    });

    afterEach(async () => {
      await store.close();
    });

    rowContract(() => store);
    transactionContract(() => store);
    if (takes === 'all') limitContract(() => store);
    promiseContract(
      () => store,
      (ms) => setNow(ms),
    );
    listContract(() => store);
    pageContract(() => store);
    placesContract(() => store);
  });
}
