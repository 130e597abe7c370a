import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { AuditEntry } from '../../../adapters/web/console-data.ts';
import { Moment } from '../moment.tsx';
import { usePersonName } from '../person.tsx';
import { EntryFields } from './entry-fields.tsx';
import { OutcomeBadge } from './outcome-badge.tsx';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    gap: '2px',
    padding: tokens.spacingVerticalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    overflowWrap: 'anywhere',
  },
  quiet: { color: tokens.colorNeutralForeground3 },
  outcome: { marginTop: tokens.spacingVerticalXS },
  fields: { gridColumn: '1 / -1' },
});

/** The same record where a table does not fit. */
export function AuditCard({ entry }: { entry: AuditEntry }) {
  const styles = useStyles();
  const nameOf = usePersonName();
  const [open, setOpen] = useState(false);
  return (
    <li className={styles.root}>
      <div>
        <Text block>{entry.summary}</Text>
        <Text size={200} block className={styles.quiet}>
          <Moment at={entry.at} show="second" /> · {nameOf(entry.person)}
        </Text>
        <div className={styles.outcome}>
          <OutcomeBadge outcome={entry.outcome} />
        </div>
      </div>
      <Button
        appearance="subtle"
        aria-expanded={open}
        aria-label={`All fields of record ${entry.record}`}
        icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <div className={styles.fields}>
          <EntryFields entry={entry} />
        </div>
      )}
    </li>
  );
}
