import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { BotRegular, PeopleTeamRegular } from '@fluentui/react-icons';
import { useSpeaking } from '../person.tsx';
import { formatRoute } from '../routes.ts';

const narrow = '@media (max-width: 860px)';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: '2px',
    padding: tokens.spacingVerticalM,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    [narrow]: {
      flexDirection: 'row',
      padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
      borderRight: 'none',
      borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
      overflowX: 'auto',
    },
  },
  item: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase300,
    textDecorationLine: 'none',
    whiteSpace: 'nowrap',
    ':hover': { backgroundColor: tokens.colorNeutralBackground3Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  current: {
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    backgroundColor: tokens.colorNeutralBackground3Selected,
  },
  icon: { fontSize: '18px', flexShrink: 0 },
});

export const conversationTitle = (id: string): string => (id === 'me' ? 'Chat with OpsAgent' : id);

export function ConversationList({ current }: { current: string }) {
  const styles = useStyles();
  const { session } = useSpeaking();
  return (
    <nav className={styles.root} aria-label="Conversations">
      {['me', ...session.channels].map((id) => {
        const Icon = id === 'me' ? BotRegular : PeopleTeamRegular;
        return (
          <a
            key={id}
            href={formatRoute({ page: 'chat', conversation: id })}
            className={mergeClasses(styles.item, id === current && styles.current)}
            aria-current={id === current ? 'page' : undefined}
          >
            <Icon className={styles.icon} aria-hidden />
            {conversationTitle(id)}
          </a>
        );
      })}
    </nav>
  );
}
