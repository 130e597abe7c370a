import { MessageBar, MessageBarBody, makeStyles } from '@fluentui/react-components';
import type { Pressing } from '../card/use-press.ts';

const useStyles = makeStyles({
  text: { display: 'block', maxHeight: '40vh', overflowY: 'auto', whiteSpace: 'pre-line' },
});

/** What became of a decision. A refusal says which rule, why and what next; a success is on the card itself. */
export function PressResult({ pressing }: { pressing: Pressing }) {
  const styles = useStyles();
  if (pressing.state === 'failed') {
    return (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>
          The decision was not taken. {pressing.error.message} Press again: it cannot count twice.
        </MessageBarBody>
      </MessageBar>
    );
  }
  if (pressing.state !== 'answered') return null;
  const { outcome, text } = pressing.result;
  const refused = outcome === 'denied' || outcome === 'failed';
  const [firstLine = ''] = text.split('\n');
  return (
    <MessageBar intent={refused ? 'error' : 'success'} layout="multiline">
      <MessageBarBody className={styles.text}>{refused ? text : firstLine.replace(/^\W+/, '')}</MessageBarBody>
    </MessageBar>
  );
}
