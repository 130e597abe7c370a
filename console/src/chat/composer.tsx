import { Button, makeStyles, Text, Textarea, Tooltip, tokens } from '@fluentui/react-components';
import { SendRegular } from '@fluentui/react-icons';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { recall } from './recall.ts';

const useStyles = makeStyles({
  root: {
    width: '100%',
    maxWidth: '820px',
    margin: '0 auto',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalM}`,
    '@media (max-width: 640px)': { padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}` },
  },
  row: { display: 'flex', alignItems: 'end', gap: tokens.spacingHorizontalS },
  input: { flexGrow: 1, minHeight: '32px', backgroundColor: tokens.colorNeutralBackground1 },
  textarea: { minHeight: '32px', maxHeight: '160px' },
  hint: {
    display: 'block',
    paddingTop: tokens.spacingVerticalXXS,
    color: tokens.colorNeutralForeground3,
    '@media (max-width: 640px)': { display: 'none' },
  },
});

interface ComposerProps {
  placeholder: string;
  /** What the Up key brings back, newest first. */
  recent: string[];
  onSend: (text: string) => void;
}

export function Composer({ placeholder, recent, onSend }: ComposerProps) {
  const styles = useStyles();
  const [text, setText] = useState('');
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // On a touch screen the focus would raise the keyboard over the messages.
    if (window.matchMedia('(pointer: fine)').matches) input.current?.focus();
  }, []);

  const send = () => {
    if (text.trim() === '') return;
    onSend(text.trim());
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that picks a word in an input method does not send.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
      return;
    }
    const earlier = recall(event.key, text, recent);
    if (earlier === undefined) return;
    event.preventDefault();
    setText(earlier);
  };
  return (
    <form className={styles.root} onSubmit={(event) => event.preventDefault()}>
      <div className={styles.row}>
        <Textarea
          className={styles.input}
          textarea={{ ref: input, className: styles.textarea }}
          aria-label={placeholder}
          aria-describedby="composer-keys"
          placeholder={placeholder}
          rows={Math.min(5, text.split('\n').length)}
          resize="none"
          value={text}
          onChange={(_, data) => setText(data.value)}
          onKeyDown={onKeyDown}
        />
        <Tooltip content="Send" relationship="label">
          <Button appearance="primary" icon={<SendRegular />} disabled={text.trim() === ''} onClick={send} />
        </Tooltip>
      </div>
      <Text id="composer-keys" size={200} className={styles.hint}>
        Enter sends, Shift+Enter starts a new line, Up brings back what you said.
      </Text>
    </form>
  );
}
