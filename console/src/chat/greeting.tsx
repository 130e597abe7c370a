import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useSpeaking } from '../person.tsx';

const useStyles = makeStyles({
  root: { margin: 'auto 0', paddingBottom: tokens.spacingVerticalXXL },
  quiet: {
    display: 'block',
    maxWidth: '56ch',
    marginTop: tokens.spacingVerticalS,
    color: tokens.colorNeutralForeground2,
  },
  chips: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, marginTop: tokens.spacingVerticalXL },
});

const suggestions = ['List the EC2 instances', 'Which alarms are firing?', 'What can you do?'];

/** An empty conversation: what this is, and three ways to begin. */
export function Greeting({ channel, onSay }: { channel: string | undefined; onSay: (text: string) => void }) {
  const styles = useStyles();
  const { person } = useSpeaking();
  const [firstName = person.name] = person.name.split(' ');
  return (
    <div className={styles.root}>
      <Text as="h2" size={600} weight="semibold" block>
        {channel ? `Nothing was said in ${channel} yet` : `Hello, ${firstName}`}
      </Text>
      <Text className={styles.quiet}>
        Ask about AWS in your own words. Reading happens at once; a change first becomes a card that a person approves
        or rejects.
      </Text>
      <div className={styles.chips}>
        {suggestions.map((text) => (
          <Button key={text} shape="circular" onClick={() => onSay(text)}>
            {text}
          </Button>
        ))}
      </div>
    </div>
  );
}
