import { makeStyles, tokens } from '@fluentui/react-components';
import { useSpeaking } from '../person.tsx';
import { Conversation } from './conversation.tsx';
import { ConversationList } from './conversation-list.tsx';

const useStyles = makeStyles({
  root: {
    flexGrow: 1,
    minHeight: 0,
    display: 'grid',
    gridTemplateColumns: '220px minmax(0, 1fr)',
    backgroundColor: tokens.colorNeutralBackground2,
    '@media (max-width: 860px)': { gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: 'auto minmax(0, 1fr)' },
  },
});

/** `conversation` is `me` for one's own chat with OpsAgent, or a channel such as `#ops`. */
export function ChatPage({ conversation }: { conversation: string }) {
  const styles = useStyles();
  const { person } = useSpeaking();
  return (
    <div className={styles.root}>
      <ConversationList current={conversation} />
      <Conversation key={`${person.id} ${conversation}`} id={conversation} />
    </div>
  );
}
