import {
  makeStyles,
  Table,
  TableBody,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
} from '@fluentui/react-components';
import type { AuditEntry } from '../../../adapters/web/console-data.ts';
import { useNarrow } from '../shell/use-narrow.ts';
import { AuditCard } from './audit-card.tsx';
import { AuditRow } from './audit-row.tsx';

const useStyles = makeStyles({
  toggle: { width: '40px' },
  time: { width: '176px' },
  who: { width: '150px' },
  outcome: { width: '110px' },
  list: { display: 'grid', gap: tokens.spacingVerticalS, listStyleType: 'none', margin: 0, padding: 0 },
});

export function AuditTable({ entries, stale }: { entries: AuditEntry[]; stale: boolean }) {
  const styles = useStyles();
  const narrow = useNarrow();
  if (narrow) {
    return (
      <ul className={styles.list} aria-label="Audit records" aria-busy={stale}>
        {entries.map((entry) => (
          <AuditCard key={entry.record} entry={entry} />
        ))}
      </ul>
    );
  }
  return (
    <Table aria-label="Audit records" aria-busy={stale} size="small">
      <TableHeader>
        <TableRow>
          <TableHeaderCell className={styles.toggle} aria-label="Details" />
          <TableHeaderCell className={styles.time}>Time</TableHeaderCell>
          <TableHeaderCell className={styles.who}>Person</TableHeaderCell>
          <TableHeaderCell>What</TableHeaderCell>
          <TableHeaderCell className={styles.outcome}>Outcome</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {entries.map((entry) => (
          <AuditRow key={entry.record} entry={entry} classes={styles} />
        ))}
      </TableBody>
    </Table>
  );
}
