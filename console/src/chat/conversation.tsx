import { makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useLive } from '../live.tsx';
import { useSpeaking } from '../person.tsx';
import { CallProblem } from '../shell/problem.tsx';
import { useHidden } from '../shell/use-hidden.ts';
import { Composer } from './composer.tsx';
import { conversationTitle } from './conversation-list.tsx';
import { Greeting } from './greeting.tsx';
import { MessageItem } from './message-item.tsx';
import { spokenBy, timesSaid } from './messages.ts';
import { OutgoingItem } from './outgoing-item.tsx';
import { ProgressLine } from './progress-line.tsx';
import { StickyScroll } from './sticky-scroll.tsx';
import { useMessages } from './use-messages.ts';
import { useOutbox } from './use-outbox.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    minHeight: 0,
    minWidth: 0,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXL,
    listStyleType: 'none',
    margin: 0,
    padding: 0,
  },
});

/** One conversation: what was said, what is on its way, and the place to say more. */
export function Conversation({ id }: { id: string }) {
  const styles = useStyles();
  const hidden = useHidden();
  const { person } = useSpeaking();
  const { progress } = useLive();
  const { data: messages, error, refetch } = useMessages(id);
  const { outbox, send, retry, drop } = useOutbox(id);
  const timesHere = (text: string) => timesSaid(person.id, text, messages ?? []);
  const [sent, setSent] = useState(0);
  const say = (text: string) => {
    setSent((count) => count + 1);
    send(text, timesHere(text));
  };
  const onTheWay = outbox.filter((one) => one.error || timesHere(one.text) <= one.saidBefore);
  const working = progress ?? (outbox.some((one) => !one.error) ? 'Working on it…' : undefined);
  const empty = messages?.length === 0 && outbox.length === 0;
  return (
    <section className={styles.root} aria-label={conversationTitle(id)}>
      <h1 className={hidden.root}>{conversationTitle(id)}</h1>
      <StickyScroll sent={sent}>
        {error && !messages && <CallProblem error={error} onRetry={refetch} />}
        {!error && !messages && <Spinner label="Fetching messages…" />}
        {empty && <Greeting channel={id === 'me' ? undefined : id} onSay={say} />}
        <ol className={styles.list} aria-label="Messages">
          {messages?.map((message) => (
            <MessageItem key={message.id} message={message} conversation={id} />
          ))}
          {onTheWay.map((one) => (
            <OutgoingItem key={one.id} outgoing={one} onRetry={() => retry(one)} onDrop={() => drop(one.id)} />
          ))}
        </ol>
        <ProgressLine text={working} />
      </StickyScroll>
      <Composer
        placeholder={id === 'me' ? 'Ask OpsAgent' : `Ask OpsAgent in ${id}`}
        recent={spokenBy(person.id, messages ?? [])}
        onSend={say}
      />
    </section>
  );
}
