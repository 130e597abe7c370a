import { Link, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { AuditEntry } from '../../../adapters/web/console-data.ts';
import { formatRoute } from '../routes.ts';
import { exactTime } from '../time.ts';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
    margin: 0,
    padding: `${tokens.spacingVerticalS} 0 ${tokens.spacingVerticalM}`,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    whiteSpace: 'normal',
    '& dt': { color: tokens.colorNeutralForeground3 },
    '& dd': { margin: 0, overflowWrap: 'anywhere' },
  },
  mono: { fontFamily: tokens.fontFamilyMonospace },
});

/** Every field of a record; ids and hashes whole, so that they can be copied. */
export function EntryFields({ entry }: { entry: AuditEntry }) {
  const styles = useStyles();
  const fields: [string, string | undefined][] = [
    ['Record', entry.record],
    ['Time', exactTime(entry.at)],
    ['Time in UTC', entry.at],
    ['Event', entry.type],
    ['Person', entry.person],
    ['Tool', entry.tool],
    ['Outcome', entry.outcome],
    ['Account', entry.account],
    ['Region', entry.region],
    ['Correlation id', entry.correlationId],
    ['Hash', entry.hash],
  ];
  return (
    <dl className={styles.root}>
      {fields.map(
        ([label, value]) =>
          value && (
            <Field key={label} label={label}>
              <span className={label === 'Hash' || label === 'Correlation id' ? styles.mono : undefined}>{value}</span>
            </Field>
          ),
      )}
      {entry.changeId && (
        <Field label="Change">
          <Link href={formatRoute({ page: 'approvals', tab: 'decided', id: entry.changeId })}>{entry.changeId}</Link>
        </Field>
      )}
    </dl>
  );
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}
