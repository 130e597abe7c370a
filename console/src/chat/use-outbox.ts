import { useCallback, useState } from 'react';
import { useSpeaking } from '../person.tsx';

/** A text on its way; `error` says why it did not get there. */
export interface Outgoing {
  /** The turn's id: sent again, it still has one effect. */
  id: string;
  text: string;
  /** How often the same was said before. */
  saidBefore: number;
  error?: Error;
}

/** Texts whose turn is not answered yet. A failed one stays until it is sent again or dropped, so nothing typed is lost. */
export function useOutbox(conversation: string) {
  const { api } = useSpeaking();
  const [outbox, setOutbox] = useState<Outgoing[]>([]);

  const drop = useCallback((id: string) => setOutbox((all) => all.filter((one) => one.id !== id)), []);

  const deliver = useCallback(
    async ({ id, text, saidBefore }: Outgoing) => {
      setOutbox((all) => [...all.filter((one) => one.id !== id), { id, text, saidBefore }]);
      try {
        await api.turn({ id, conversation, text });
        drop(id);
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        setOutbox((all) => all.map((one) => (one.id === id ? { ...one, error } : one)));
      }
    },
    [api, conversation, drop],
  );

  const send = useCallback(
    (text: string, saidBefore: number) => void deliver({ id: crypto.randomUUID(), text, saidBefore }),
    [deliver],
  );
  return { outbox, send, retry: deliver, drop };
}
