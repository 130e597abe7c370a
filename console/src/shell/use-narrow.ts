import { useSyncExternalStore } from 'react';

const narrow = window.matchMedia('(max-width: 760px)');

function subscribe(onChange: () => void): () => void {
  narrow.addEventListener('change', onChange);
  return () => narrow.removeEventListener('change', onChange);
}

/** True where a table does not fit and a list of cards is shown instead. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => narrow.matches);
