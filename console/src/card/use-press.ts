import { useCallback, useRef, useState } from 'react';
import type { TurnResult } from '../../../bot/turn.ts';
import { useSpeaking } from '../person.tsx';
import { type Press, pressKey } from './press.ts';

/** Where the newest press stands. */
export type Pressing =
  | { state: 'idle' }
  | { state: 'busy' }
  | { state: 'answered'; result: TurnResult }
  | { state: 'failed'; error: Error };

/**
 * Sends presses one at a time. A second press while one is under way is dropped; a press that failed on the way keeps
 * its id, so trying it again cannot do it twice.
 */
export function usePress(conversation: string): { pressing: Pressing; press(press: Press): Promise<void> } {
  const { api } = useSpeaking();
  const [pressing, setPressing] = useState<Pressing>({ state: 'idle' });
  const underWay = useRef(false);
  const ids = useRef(new Map<string, string>());

  const press = useCallback(
    async (asked: Press) => {
      if (underWay.current) return;
      underWay.current = true;
      setPressing({ state: 'busy' });
      const key = pressKey(asked);
      const id = ids.current.get(key) ?? crypto.randomUUID();
      ids.current.set(key, id);
      const what = asked.kind === 'say' ? { text: asked.text } : { decision: asked.decision };
      try {
        const result = await api.turn({ id, conversation, ...what });
        ids.current.delete(key);
        setPressing({ state: 'answered', result });
      } catch (thrown) {
        setPressing({ state: 'failed', error: thrown instanceof Error ? thrown : new Error(String(thrown)) });
      } finally {
        underWay.current = false;
      }
    },
    [api, conversation],
  );
  return { pressing, press };
}
