import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api.ts';
import { App } from './app.tsx';
import { SessionGate } from './session-gate.tsx';
import { ThemeProvider } from './theme.tsx';
import './main.css';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays a refusal; only a server that cannot be reached or is in trouble is asked again.
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
    },
  },
});

// A page that the browser kept from before a sign-out shows nothing of what was on it.
window.addEventListener('pageshow', ({ persisted }) => persisted && window.location.reload());

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ThemeProvider>
        <QueryClientProvider client={queries}>
          <SessionGate>
            <App />
          </SessionGate>
        </QueryClientProvider>
      </ThemeProvider>
    </StrictMode>,
  );
}
