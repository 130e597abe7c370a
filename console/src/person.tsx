import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import type { KnownPerson } from '../../adapters/web/console-data.ts';
import { type Api, createApi, type For, type Speakable } from './api.ts';

interface Speaking {
  session: Speakable;
  /** The session is over; the pages still show what they have. */
  ended: boolean;
  person: KnownPerson;
  api: Api;
  become(id: string): void;
}

interface SpeakingProviderProps {
  session: Speakable;
  ended: boolean;
  children: ReactNode;
}

const SpeakingContext = createContext<Speaking | null>(null);
const storageKey = 'opsagent.person';

/** Who speaks: whoever is signed in, or whom the switcher chose, which is remembered in this browser. */
export function SpeakingProvider({ session, ended, children }: SpeakingProviderProps) {
  const [id, setId] = useState(() => localStorage.getItem(storageKey));
  const queries = useQueryClient();
  const person = session.self ?? session.people.find((known) => known.id === id) ?? session.people[0];
  const value = useMemo(() => {
    if (!person) return null;
    const become = (next: string) => {
      localStorage.setItem(storageKey, next);
      setId(next);
    };
    const whom: For = session.self ? { csrf: session.self.csrf } : { person: person.id };
    const api = createApi(whom, () => void queries.invalidateQueries({ queryKey: ['session'] }));
    return { session, ended, person, api, become };
  }, [session, ended, person, queries]);
  return <SpeakingContext value={value}>{children}</SpeakingContext>;
}

/** 'Alice Adams' for a known e-mail, else what the record says. */
export function usePersonName(): (id: string | undefined) => string {
  const { session } = useSpeaking();
  return (id) => session.people.find((known) => known.id === id)?.name ?? id ?? 'OpsAgent';
}

/** @throws Error outside of `SpeakingProvider`, or when nobody is known. */
export function useSpeaking(): Speaking {
  const speaking = useContext(SpeakingContext);
  if (!speaking) throw new Error('useSpeaking needs a SpeakingProvider with at least one person');
  return speaking;
}
