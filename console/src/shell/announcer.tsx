import { createContext, type ReactNode, useContext, useState } from 'react';
import { useHidden } from './use-hidden.ts';

const AnnounceContext = createContext<(text: string) => void>(() => {});

/** Says new answers to people who listen, without reading whole cards aloud. */
export function Announcer({ children }: { children: ReactNode }) {
  const styles = useHidden();
  const [text, setText] = useState('');
  return (
    <AnnounceContext value={setText}>
      {children}
      <div role="log" aria-live="polite" aria-label="New answers" className={styles.root}>
        {text}
      </div>
    </AnnounceContext>
  );
}

export const useAnnounce = () => useContext(AnnounceContext);
