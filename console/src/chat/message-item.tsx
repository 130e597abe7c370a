import { MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useMemo, useRef } from 'react';
import type { Message } from '../api.ts';
import { Card } from '../card/card.tsx';
import { useHighlight } from '../card/use-highlight.ts';
import { usePress } from '../card/use-press.ts';
import { cardFor } from '../card/without-decisions.ts';
import { Moment } from '../moment.tsx';
import { useSpeaking } from '../person.tsx';
import { type Author, Bubble } from './bubble.tsx';
import { Speech } from './speech.tsx';

const useStyles = makeStyles({
  card: { maxWidth: '720px', borderRadius: tokens.borderRadiusLarge },
  failed: { marginTop: tokens.spacingVerticalS },
});

function authorOf({ from, person }: Message, self: string): Author {
  if (from === 'opsagent' || !person) return { kind: 'opsagent' };
  return person.id === self ? { kind: 'self' } : { kind: 'person', ...person };
}

export function MessageItem({ message, conversation }: { message: Message; conversation: string }) {
  const styles = useStyles();
  const { person } = useSpeaking();
  const { pressing, press } = usePress(conversation);
  const frame = useRef<HTMLDivElement>(null);
  useHighlight(frame, message.revision);
  const { card: sent, view } = message;
  const card = useMemo(() => sent && cardFor(person.id, view, sent), [sent, view, person.id]);
  const author = authorOf(message, person.id);
  const edited = message.revision > 1 ? ' · updated' : '';
  return (
    <Bubble
      author={author}
      time={
        <>
          <Moment at={message.at} />
          {edited}
        </>
      }
    >
      {card ? (
        <div ref={frame} className={styles.card}>
          <Card json={card} label={view?.title ?? message.summary} busy={pressing.state === 'busy'} onPress={press} />
        </div>
      ) : (
        <Speech text={message.text ?? message.summary} own={author.kind === 'self'} />
      )}
      {pressing.state === 'failed' && (
        <MessageBar intent="error" layout="multiline" className={styles.failed}>
          <MessageBarBody>
            The press was not taken. {pressing.error.message} Press again: it cannot count twice.
          </MessageBarBody>
        </MessageBar>
      )}
    </Bubble>
  );
}
