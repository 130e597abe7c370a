import { makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { fetchSession, type Session, type Speakable } from './api.ts';
import { SpeakingProvider } from './person.tsx';
import { CallProblem, Problem } from './shell/problem.tsx';
import { SignInPage } from './sign-in/sign-in-page.tsx';

const useStyles = makeStyles({
  root: { display: 'grid', minHeight: '100dvh', backgroundColor: tokens.colorNeutralBackground2 },
});

function isSpeakable(session: Session | undefined): session is Speakable {
  return session?.self !== undefined || (session?.signIn === 'switch' && session.people.length > 0);
}

/**
 * Nothing is shown before it is known which house this is and who may speak. A session that ends later leaves the pages as they are:
 * nobody loses their place.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const styles = useStyles();
  const { data: session, error, refetch } = useQuery({ queryKey: ['session'], queryFn: fetchSession, retry: 1 });
  const last = useRef<Speakable>(undefined);
  if (isSpeakable(session)) last.current = session;
  const retry = () => void refetch();
  if (last.current) {
    return (
      <SpeakingProvider session={last.current} ended={!isSpeakable(session)}>
        {children}
      </SpeakingProvider>
    );
  }
  return (
    <main className={styles.root}>
      {error && <CallProblem error={error} onRetry={retry} />}
      {!error && !session && <Spinner label="Opening OpsAgent…" />}
      {session?.signIn === 'oidc' && <SignInPage />}
      {session?.signIn === 'unavailable' && (
        <Problem
          title="Signing in is not possible here yet"
          detail={`This OpsAgent runs in ${session.mode}, where nobody may simply choose who they are, and no sign-in service is set up. Speak with OpsAgent in Teams, Slack or the terminal.`}
        />
      )}
      {session?.signIn === 'switch' && (
        <Problem
          title="OpsAgent knows nobody"
          detail="The file of people is empty. Add at least one person with a role, then try again."
          onRetry={retry}
        />
      )}
    </main>
  );
}
