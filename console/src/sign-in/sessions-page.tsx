import {
  Badge,
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { OwnSession } from '../api.ts';
import { Moment } from '../moment.tsx';
import { useSpeaking } from '../person.tsx';
import { PageFrame } from '../shell/page-frame.tsx';
import { CallProblem } from '../shell/problem.tsx';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gap: tokens.spacingVerticalS,
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    maxWidth: '64ch',
  },
  one: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: tokens.spacingVerticalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  what: { display: 'grid', gap: '2px', flexGrow: 1 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** Where one is signed in, so that a browser left open somewhere can be signed out from here. */
export function SessionsPage() {
  const styles = useStyles();
  const { person, api } = useSpeaking();
  const queries = useQueryClient();
  const queryKey = ['sessions', person.id];
  const { data, error, refetch } = useQuery({ queryKey, queryFn: () => api.sessions() });
  const end = useMutation({
    mutationFn: (id: string) => api.endSession(id),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  return (
    <PageFrame title="Your sessions">
      <Text>
        The browsers in which you are signed in to this console. Each ends by itself after 8 hours without use, or 12
        hours after the sign-in.
      </Text>
      {error && !data && <CallProblem error={error} onRetry={refetch} />}
      {!error && !data && <Spinner label="Fetching your sessions…" />}
      {end.error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>The session was not ended. {end.error.message}</MessageBarBody>
        </MessageBar>
      )}
      <ul className={styles.list} aria-label="Your sessions">
        {data?.sessions.map((session) => (
          <One key={session.id} session={session} busy={end.isPending} onEnd={() => end.mutate(session.id)} />
        ))}
      </ul>
    </PageFrame>
  );
}

function One({ session, busy, onEnd }: { session: OwnSession; busy: boolean; onEnd: () => void }) {
  const styles = useStyles();
  const { browser, since, seen, until, here } = session;
  return (
    <li className={styles.one}>
      <div className={styles.what}>
        <Text weight="semibold">{browser}</Text>
        <Text size={200} className={styles.quiet}>
          Signed in <Moment at={since} show="zoned" />, last used <Moment at={seen} show="relative" />, ends{' '}
          <Moment at={until} show="zoned" />
        </Text>
      </div>
      {here ? (
        <Badge appearance="tint">This browser</Badge>
      ) : (
        <Button size="small" disabledFocusable={busy} onClick={onEnd}>
          End
        </Button>
      )}
    </li>
  );
}
