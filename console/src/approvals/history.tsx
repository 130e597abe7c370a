import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { AuditEntry } from '../../../adapters/web/console-data.ts';
import { Moment } from '../moment.tsx';
import { usePersonName } from '../person.tsx';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gap: tokens.spacingVerticalM,
    listStyleType: 'none',
    margin: `${tokens.spacingVerticalM} 0 0`,
    padding: 0,
  },
  entry: {
    display: 'grid',
    gap: '2px',
    paddingLeft: tokens.spacingHorizontalM,
    borderLeft: `2px solid ${tokens.colorNeutralStroke1}`,
    overflowWrap: 'anywhere',
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** What happened to a change, oldest first: what, who, when. */
export function History({ entries }: { entries: AuditEntry[] }) {
  const styles = useStyles();
  const nameOf = usePersonName();
  if (entries.length === 0) return <Text className={styles.quiet}>No record of this change is readable.</Text>;
  return (
    <ol className={styles.list}>
      {entries.map(({ record, at, summary, person, type }) => (
        <li key={record} className={styles.entry}>
          <Text>{summary}</Text>
          <Text size={200} className={styles.quiet}>
            <Moment at={at} show="exact" /> · {nameOf(person)} · {type.replaceAll('_', ' ')} · record {record}
          </Text>
        </li>
      ))}
    </ol>
  );
}
