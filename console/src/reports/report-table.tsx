import {
  makeStyles,
  mergeClasses,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components';
import type { Cell } from '../../../cards/view.ts';
import type { ReportTable as Rows } from '../../../tools/reports/report.ts';
import { Moment } from '../moment.tsx';
import { useNarrow } from '../shell/use-narrow.ts';
import { StatusText } from './status-text.tsx';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, marginTop: tokens.spacingVerticalM },
  title: { margin: 0 },
  cell: { overflowWrap: 'anywhere', paddingTop: '4px', paddingBottom: '4px', verticalAlign: 'top' },
  number: { textAlign: 'right', '& > *': { justifyContent: 'flex-end' } },
  quiet: { color: tokens.colorNeutralForeground3 },
  list: { display: 'grid', gap: tokens.spacingVerticalS, listStyleType: 'none', margin: 0, padding: 0 },
  card: {
    padding: tokens.spacingVerticalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    overflowWrap: 'anywhere',
  },
  fields: {
    display: 'grid',
    gridTemplateColumns: 'minmax(80px, max-content) minmax(0, 1fr)',
    gap: `2px ${tokens.spacingHorizontalM}`,
    margin: 0,
    fontSize: tokens.fontSizeBase200,
    '& dd': { margin: 0 },
  },
});

function Shown({ cell }: { cell: Cell }) {
  if (typeof cell === 'string') return <>{cell}</>;
  return 'at' in cell ? <Moment at={cell.at} show="zoned" /> : <StatusText text={cell.text} status={cell.status} />;
}

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : 'at' in cell ? cell.at : cell.text);
const isNumber = (cell: Cell | undefined): boolean => cell !== undefined && /^[\d,]+$/.test(textOf(cell));

/** One table of a report; a list of cards where a table does not fit. */
export function ReportTable({ table }: { table: Rows }) {
  const styles = useStyles();
  const narrow = useNarrow();
  const { title, rows, left_out, empty } = table;
  return (
    <section className={styles.root} aria-label={title}>
      <Text as="h2" size={400} weight="semibold" className={styles.title}>
        {title}
      </Text>
      {rows.length === 0 && <Text className={styles.quiet}>{empty}</Text>}
      {rows.length > 0 && (narrow ? <Cards table={table} /> : <Grid table={table} />)}
      {left_out > 0 && <Text className={styles.quiet}>{left_out.toLocaleString('en')} more are not shown.</Text>}
    </section>
  );
}

function Grid({ table: { title, columns, rows } }: { table: Rows }) {
  const styles = useStyles();
  const classOf = (place: number) =>
    mergeClasses(styles.cell, rows.every((row) => isNumber(row[place])) && styles.number);
  return (
    <Table aria-label={title} size="small">
      <TableHeader>
        <TableRow>
          {columns.map((name, place) => (
            <TableHeaderCell key={name} className={classOf(place)}>
              {name}
            </TableHeaderCell>
          ))}
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.map(textOf).join(' ')}>
            {row.map((cell, place) => (
              <TableCell key={columns[place]} className={classOf(place)}>
                <Shown cell={cell} />
              </TableCell>
            ))}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Cards({ table: { title, columns, rows } }: { table: Rows }) {
  const styles = useStyles();
  return (
    <ul className={styles.list} aria-label={title}>
      {rows.map(([first = '', ...rest]) => (
        <li key={[first, ...rest].map(textOf).join(' ')} className={styles.card}>
          <Text weight="semibold" block>
            <Shown cell={first} />
          </Text>
          <dl className={styles.fields}>
            {rest.map((cell, place) => (
              <div key={columns[place + 1]} style={{ display: 'contents' }}>
                <dt className={styles.quiet}>{columns[place + 1]}</dt>
                <dd>
                  <Shown cell={cell} />
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
