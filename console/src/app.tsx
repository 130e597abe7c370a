import { makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { lazy, Suspense, useEffect } from 'react';
import { LiveProvider } from './live.tsx';
import type { Route } from './routes.ts';
import { Announcer } from './shell/announcer.tsx';
import { ConnectionBanner } from './shell/connection-banner.tsx';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { Header } from './shell/header.tsx';
import { Nav } from './shell/nav.tsx';
import { SkipLink } from './shell/skip-link.tsx';
import { SessionBanner } from './sign-in/session-banner.tsx';
import { useRoute } from './use-route.ts';

const ChatPage = lazy(async () => ({ default: (await import('./chat/chat-page.tsx')).ChatPage }));
const ApprovalsPage = lazy(async () => ({ default: (await import('./approvals/approvals-page.tsx')).ApprovalsPage }));
const AuditPage = lazy(async () => ({ default: (await import('./audit/audit-page.tsx')).AuditPage }));
const ReportsPage = lazy(async () => ({ default: (await import('./reports/reports-page.tsx')).ReportsPage }));

const useStyles = makeStyles({
  root: {
    display: 'grid',
    height: '100dvh',
    gridTemplate: '"header header" auto "nav main" minmax(0, 1fr) / auto minmax(0, 1fr)',
    backgroundColor: tokens.colorNeutralBackground2,
    '@media (max-width: 640px)': { gridTemplate: '"header" auto "main" minmax(0, 1fr) "nav" auto / minmax(0, 1fr)' },
  },
  main: { gridArea: 'main', display: 'flex', flexDirection: 'column', minHeight: 0, outlineStyle: 'none' },
});

const SessionsPage = lazy(async () => ({ default: (await import('./sign-in/sessions-page.tsx')).SessionsPage }));

const titles = {
  chat: 'Chat',
  approvals: 'Approvals',
  reports: 'Reports',
  audit: 'Audit',
  sessions: 'Your sessions',
} as const satisfies Record<Route['page'], string>;

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'chat':
      return <ChatPage conversation={route.conversation} />;
    case 'approvals':
      return <ApprovalsPage tab={route.tab} id={route.id} stepUp={route.stepUp} />;
    case 'audit':
      return <AuditPage filters={route.filters} />;
    case 'reports':
      return <ReportsPage name={route.name} window={route.window} />;
    case 'sessions':
      return <SessionsPage />;
  }
}

export function App() {
  const styles = useStyles();
  const route = useRoute();
  useEffect(() => {
    document.title = `${titles[route.page]} · OpsAgent`;
  }, [route.page]);
  return (
    <Announcer>
      <LiveProvider conversation={route.page === 'chat' ? route.conversation : 'me'}>
        <div className={styles.root}>
          <SkipLink target="page" />
          <Header />
          <Nav page={route.page} />
          <main id="page" tabIndex={-1} className={styles.main}>
            <SessionBanner />
            <ConnectionBanner />
            <ErrorBoundary key={route.page}>
              <Suspense fallback={<Spinner label="Opening the page…" />}>
                <Page route={route} />
              </Suspense>
            </ErrorBoundary>
          </main>
        </div>
      </LiveProvider>
    </Announcer>
  );
}
