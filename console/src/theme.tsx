import { FluentProvider, webDarkTheme, webLightTheme } from '@fluentui/react-components';
import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from 'react';

export type Scheme = 'light' | 'dark';

const SchemeContext = createContext<{ scheme: Scheme; toggle(): void }>({ scheme: 'light', toggle: () => {} });
const storageKey = 'opsagent.theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');

function subscribe(onChange: () => void): () => void {
  dark.addEventListener('change', onChange);
  return () => dark.removeEventListener('change', onChange);
}

function stored(): Scheme | undefined {
  const value = localStorage.getItem(storageKey);
  return value === 'light' || value === 'dark' ? value : undefined;
}

/** Follows the system until the reader chooses; the choice stays in this browser. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const system: Scheme = useSyncExternalStore(subscribe, () => dark.matches) ? 'dark' : 'light';
  const [chosen, setChosen] = useState(stored);
  const scheme = chosen ?? system;
  const toggle = () => {
    const next = scheme === 'dark' ? 'light' : 'dark';
    localStorage.setItem(storageKey, next);
    setChosen(next);
  };
  document.documentElement.style.colorScheme = scheme;
  return (
    <SchemeContext value={{ scheme, toggle }}>
      <FluentProvider theme={scheme === 'dark' ? webDarkTheme : webLightTheme}>{children}</FluentProvider>
    </SchemeContext>
  );
}

export const useScheme = () => useContext(SchemeContext);
