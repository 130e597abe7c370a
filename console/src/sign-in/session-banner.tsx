import {
  Button,
  Link,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useSpeaking } from '../person.tsx';
import { useRoute } from '../use-route.ts';
import { signInProblem } from './problems.ts';
import { signInLink, signInTarget } from './sign-in-link.ts';

// Beside a page that scrolls it would be squeezed.
const useStyles = makeStyles({ whole: { flexShrink: 0 } });

/** Over every page: the session is over, or what became of a sign-in that was asked for from within. */
export function SessionBanner() {
  const styles = useStyles();
  const { ended } = useSpeaking();
  // The link leads back to the page of this moment.
  useRoute();
  const [search, setSearch] = useState(window.location.search);
  const problem = signInProblem(search);
  if (ended) {
    return (
      <MessageBar intent="warning" className={styles.whole}>
        <MessageBarBody>
          <MessageBarTitle>Your sign-in has ended.</MessageBarTitle>
          What is on the page stays, and you come back to it.
        </MessageBarBody>
        <MessageBarActions>
          <Button as="a" size="small" href={signInLink(window.location.hash)} target={signInTarget()}>
            Sign in again
          </Button>
        </MessageBarActions>
      </MessageBar>
    );
  }
  if (!problem) return null;
  const close = () => {
    window.history.replaceState(null, '', `${window.location.pathname}${window.location.hash}`);
    setSearch('');
  };
  return (
    <MessageBar intent="warning" className={styles.whole}>
      <MessageBarBody>
        <MessageBarTitle>{problem.title}.</MessageBarTitle>
        {problem.detail}{' '}
        {problem.anew === 'another' && (
          <Link href={signInLink(window.location.hash, { anew: 'another' })} target={signInTarget()}>
            Sign in as somebody else
          </Link>
        )}
      </MessageBarBody>
      <MessageBarActions
        containerAction={
          <Button appearance="transparent" aria-label="Close" icon={<DismissRegular />} onClick={close} />
        }
      />
    </MessageBar>
  );
}
