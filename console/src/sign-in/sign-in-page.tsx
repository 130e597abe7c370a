import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useEffect } from 'react';
import { useRoute } from '../use-route.ts';
import { signInProblem } from './problems.ts';
import { signInLink, signInTarget } from './sign-in-link.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    gap: tokens.spacingVerticalL,
    width: 'min(44ch, 100%)',
    boxSizing: 'border-box',
    margin: 'auto',
    padding: `${tokens.spacingVerticalXXXL} ${tokens.spacingHorizontalXXL}`,
    textAlign: 'center',
  },
  title: { margin: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const welcome = {
  title: 'OpsAgent',
  detail: 'Sign in with the account of your organisation. You come back to the page you opened.',
} as const;

/** One button. What went wrong before, if anything, is said above it. */
export function SignInPage() {
  const styles = useStyles();
  const route = useRoute();
  useEffect(() => {
    document.title = 'Sign in · OpsAgent';
  }, []);
  const problem = signInProblem(window.location.search);
  const { title, detail } = problem ?? welcome;
  const stepUp = route.page === 'approvals' ? route.stepUp : undefined;
  return (
    <div className={styles.root}>
      <img src="./favicon.svg" alt="" width={48} height={48} />
      <Text as="h1" size={600} weight="semibold" block align="center" className={styles.title}>
        {title}
      </Text>
      <Text align="center" role={problem && 'alert'}>
        {detail}
      </Text>
      <Button
        as="a"
        appearance="primary"
        size="large"
        href={signInLink(window.location.hash, { anew: problem?.anew, stepUp })}
        target={signInTarget()}
      >
        {problem?.anew === 'another' ? 'Sign in as somebody else' : 'Sign in'}
      </Button>
      {stepUp && (
        <Text size={200} align="center" className={styles.quiet}>
          This link asks for your password even where you are signed in already. Opening it decides nothing.
        </Text>
      )}
    </div>
  );
}
