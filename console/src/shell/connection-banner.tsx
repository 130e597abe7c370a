import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useLive } from '../live.tsx';
import { useSpeaking } from '../person.tsx';

/** Shown while the line is down. What is on the page stays readable. */
export function ConnectionBanner() {
  const { connection, reconnect } = useLive();
  const { ended } = useSpeaking();
  if (connection !== 'lost' || ended) return null;
  return (
    <MessageBar intent="warning">
      <MessageBarBody>
        <MessageBarTitle>Connection lost.</MessageBarTitle>
        New answers do not arrive until it is back. Trying again…
      </MessageBarBody>
      <MessageBarActions>
        <Button size="small" onClick={reconnect}>
          Try now
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}
