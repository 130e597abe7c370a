import { MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import type { Pressing } from '../card/use-press.ts';

const useStyles = makeStyles({
  // Plain text whose columns are made of spaces.
  refusal: {
    display: 'block',
    maxHeight: '40vh',
    overflow: 'auto',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
});

/** What became of a decision. A refusal says which rule, why and what next; where the change stands, the card says. */
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
  return (
    <MessageBar ref={place} tabIndex={-1} intent={refused ? 'error' : 'success'} layout="multiline">
      <MessageBarBody className={refused ? styles.refusal : undefined}>
        {refused ? text : 'Your decision is recorded. The card shows where the change stands.'}
      </MessageBarBody>
    </MessageBar>
  );
}
