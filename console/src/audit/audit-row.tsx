import { Button, makeStyles, TableCell, TableRow, Text, tokens } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { AuditEntry } from '../../../adapters/web/console-data.ts';
import { Moment } from '../moment.tsx';
import { usePersonName } from '../person.tsx';
import { EntryFields } from './entry-fields.tsx';
import { OutcomeBadge } from './outcome-badge.tsx';

const useStyles = makeStyles({
  what: { paddingTop: tokens.spacingVerticalS, paddingBottom: tokens.spacingVerticalS, overflowWrap: 'anywhere' },
  quiet: { display: 'block', color: tokens.colorNeutralForeground3 },
  clip: { overflow: 'hidden', textOverflow: 'ellipsis' },
});

type ColumnClasses = Record<'toggle' | 'time' | 'who' | 'outcome', string>;

export function AuditRow({ entry, classes }: { entry: AuditEntry; classes: ColumnClasses }) {
  const styles = useStyles();
  const nameOf = usePersonName();
  const [open, setOpen] = useState(false);
  return (
    <>
      <TableRow>
        <TableCell className={classes.toggle}>
          <Button
            appearance="subtle"
            size="small"
            aria-expanded={open}
            aria-label={`All fields of record ${entry.record}`}
            icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
            onClick={() => setOpen(!open)}
          />
        </TableCell>
        <TableCell className={classes.time}>
          <Moment at={entry.at} show="second" />
        </TableCell>
        <TableCell className={classes.who} title={entry.person}>
          <span className={styles.clip}>{nameOf(entry.person)}</span>
        </TableCell>
        <TableCell className={styles.what}>
          <div>
            {entry.summary}
            <Text size={200} className={styles.quiet}>
              {[entry.type.replaceAll('_', ' '), entry.tool].filter(Boolean).join(' · ')}
            </Text>
          </div>
        </TableCell>
        <TableCell className={classes.outcome}>
          <OutcomeBadge outcome={entry.outcome} />
        </TableCell>
      </TableRow>
      {open && (
        <TableRow>
          <TableCell colSpan={5}>
            <EntryFields entry={entry} />
          </TableCell>
        </TableRow>
      )}
    </>
  );
}
