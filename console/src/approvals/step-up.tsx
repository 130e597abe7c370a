import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { Risk } from '../../../cards/view.ts';
import type { Self } from '../api.ts';
import { signInLink, signInTarget } from '../sign-in/sign-in-link.ts';

const useStyles = makeStyles({ quiet: { color: tokens.colorNeutralForeground3 } });

/** Whether a yes to this risk takes another sign-in first; true again by itself when five minutes are over. */
export function useWantsStepUp(self: Self | undefined, risk: Risk): boolean {
  const until = self?.stepUp.until === undefined ? 0 : Date.parse(self.stepUp.until);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), Math.max(0, until - Date.now()));
    return () => clearTimeout(timer);
  }, [until]);
  return self?.stepUp.risks.includes(risk) === true && now >= until;
}

/** In the place of Approve. It leads back to this change; nothing is decided on the way. */
export function StepUpButton({ token }: { token: string | undefined }) {
  return (
    <Button
      as="a"
      appearance="primary"
      href={signInLink(window.location.hash, { anew: 'again', stepUp: token })}
      target={signInTarget()}
    >
      Sign in to approve
    </Button>
  );
}

export function StepUpReason({ risk }: { risk: Risk }) {
  const styles = useStyles();
  return (
    <Text size={200} className={styles.quiet}>
      A {risk} risk is approved only by somebody who signed in within the last 5 minutes. You come back to this change,
      and approve it then.
    </Text>
  );
}
