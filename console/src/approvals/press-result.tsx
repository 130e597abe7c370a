import { MessageBar, MessageBarBody, makeStyles } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import type { Pressing } from '../card/use-press.ts';

const useStyles = makeStyles({
  text: { display: 'block', maxHeight: '40vh', overflowY: 'auto', whiteSpace: 'pre-line' },
});

/** What became of a decision. A refusal says which rule, why and what next; a success is on the card itself. */
export function PressResult({ pressing }: { pressing: Pressing }) {
  const styles = useStyles();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The pressed button may be gone by now: the answer takes the focus, and is read.
    if (pressing.state === 'answered') place.current?.focus();
  }, [pressing.state]);
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
    <MessageBar ref={place} tabIndex={-1} intent={refused ? 'error' : 'success'} layout="multiline">
      <MessageBarBody className={styles.text}>{refused ? text : firstLine.replace(/^\W+/, '')}</MessageBarBody>
    </MessageBar>
  );
}
