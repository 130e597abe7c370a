import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { ApiError } from '../api.ts';
import { Bubble } from './bubble.tsx';
import { Speech } from './speech.tsx';
import type { Outgoing } from './use-outbox.ts';

const useStyles = makeStyles({
  failed: { marginTop: tokens.spacingVerticalS, textAlign: 'start' },
  text: { display: 'flex', justifyContent: 'end' },
});

interface OutgoingItemProps {
  outgoing: Outgoing;
  onRetry: () => void;
  onDrop: () => void;
}

export function OutgoingItem({ outgoing: { text, error }, onRetry, onDrop }: OutgoingItemProps) {
  const styles = useStyles();
  return (
    <Bubble author={{ kind: 'self' }} time={error ? 'not sent' : 'sending…'}>
      <div className={styles.text}>
        <Speech text={text} own />
      </div>
      {error && (
        <MessageBar intent="error" layout="multiline" className={styles.failed}>
          <MessageBarBody>
            <MessageBarTitle>Not sent.</MessageBarTitle>
            {error.message} {error instanceof ApiError && error.hint}
          </MessageBarBody>
          <MessageBarActions>
            <Button size="small" onClick={onRetry}>
              Send again
            </Button>
            <Button size="small" appearance="transparent" onClick={onDrop}>
              Drop it
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
    </Bubble>
  );
}
