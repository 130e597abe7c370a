import { Avatar, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { BotRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';

// Cards need the width more than the picture does.
const narrow = '@media (max-width: 640px)';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: '32px minmax(0, 1fr)',
    gap: tokens.spacingHorizontalM,
    [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  avatar: { [narrow]: { display: 'none' } },
  own: { gridTemplateColumns: 'minmax(0, 1fr)', justifyItems: 'end' },
  body: { minWidth: 0, maxWidth: '100%' },
  head: {
    display: 'flex',
    gap: tokens.spacingHorizontalS,
    alignItems: 'baseline',
    marginBottom: tokens.spacingVerticalXS,
    color: tokens.colorNeutralForeground3,
  },
  ownHead: { justifyContent: 'end' },
  agent: { backgroundColor: tokens.colorBrandBackground, color: tokens.colorNeutralForegroundOnBrand },
});

/** Whose a line is: OpsAgent's, the reader's own (at the right), or a colleague's. */
export type Author = { kind: 'opsagent' } | { kind: 'self' } | { kind: 'person'; id: string; name: string };

export function Bubble({ author, time, children }: { author: Author; time?: ReactNode; children: ReactNode }) {
  const styles = useStyles();
  const own = author.kind === 'self';
  const name = { opsagent: 'OpsAgent', self: 'You', person: author.kind === 'person' ? author.name : '' }[author.kind];
  return (
    <li className={mergeClasses(styles.root, own && styles.own)}>
      {author.kind === 'opsagent' && (
        <Avatar className={styles.avatar} icon={{ className: styles.agent, children: <BotRegular /> }} aria-hidden />
      )}
      {author.kind === 'person' && (
        <Avatar className={styles.avatar} name={name} color="colorful" idForColor={author.id} aria-hidden />
      )}
      <div className={styles.body}>
        <div className={mergeClasses(styles.head, own && styles.ownHead)}>
          <Text size={200} weight="semibold">
            {name}
          </Text>
          <Text size={200}>{time}</Text>
        </div>
        {children}
      </div>
    </li>
  );
}
