import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import type { KnownPerson } from '../../adapters/web/console-data.ts';
import { type Api, createApi, type Session } from './api.ts';

interface Speaking {
  session: Session;
  person: KnownPerson;
  api: Api;
  become(id: string): void;
}

const SpeakingContext = createContext<Speaking | null>(null);
const storageKey = 'opsagent.person';

/** Who speaks, chosen by the switcher and remembered in this browser. */
export function SpeakingProvider({ session, children }: { session: Session; children: ReactNode }) {
  const [id, setId] = useState(() => localStorage.getItem(storageKey));
  const person = session.people.find((known) => known.id === id) ?? session.people[0];
  const value = useMemo(() => {
    if (!person) return null;
    const become = (next: string) => {
      localStorage.setItem(storageKey, next);
      setId(next);
    };
    return { session, person, api: createApi(person.id), become };
  }, [session, person]);
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
