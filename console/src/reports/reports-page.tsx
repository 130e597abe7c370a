import { Button, makeStyles, Select, Spinner, Tab, TabList, Text, tokens } from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons';
import type { Report, ReportName } from '../../../tools/reports/report.ts';
import { Moment } from '../moment.tsx';
import { PageFrame } from '../shell/page-frame.tsx';
import { CallProblem } from '../shell/problem.tsx';
import { navigate } from '../use-route.ts';
import { BarChart } from './bar-chart.tsx';
import { isReport, reports, windows } from './choices.ts';
import { Figures } from './figures.tsx';
import { ReportTable } from './report-table.tsx';
import { useReport } from './use-report.ts';

const useStyles = makeStyles({
  tabs: { marginLeft: '-12px', flexWrap: 'wrap' },
  tools: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  quiet: { color: tokens.colorNeutralForeground3 },
  charts: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(280px, 100%), 1fr))',
    gap: tokens.spacingHorizontalM,
  },
});

interface ReportsPageProps {
  name: ReportName;
  window: string;
}

/** What OpsAgent did, who decides how, and what guards it: one report at a time, read when it is opened. */
export function ReportsPage({ name, window }: ReportsPageProps) {
  const styles = useStyles();
  const { timed } = reports[name];
  const { data, error, refetch, isFetching, dataUpdatedAt } = useReport(name, timed ? window : undefined);
  return (
    <PageFrame title="Reports">
      <TabList
        className={styles.tabs}
        selectedValue={name}
        onTabSelect={(_, { value }) =>
          isReport(String(value)) && navigate({ page: 'reports', name: value as ReportName, window })
        }
        aria-label="Which report"
      >
        {Object.entries(reports).map(([value, { label }]) => (
          <Tab key={value} value={value}>
            {label}
          </Tab>
        ))}
      </TabList>
      <div className={styles.tools}>
        {timed && <WindowChoice name={name} window={window} />}
        <Button icon={<ArrowClockwiseRegular />} disabled={isFetching} onClick={() => refetch()}>
          Read again
        </Button>
        {data && (
          <Text size={200} className={styles.quiet}>
            Read <Moment at={new Date(dataUpdatedAt).toISOString()} show="zoned" />
          </Text>
        )}
      </div>
      {error && <CallProblem error={error} onRetry={refetch} />}
      {!error && !data && <Spinner label="Reading the report…" />}
      {!error && data && <Body report={data} />}
    </PageFrame>
  );
}

function WindowChoice({ name, window }: ReportsPageProps) {
  // A link may name a window that is not on offer; it stays visible.
  const isKnown = windows.some(({ value }) => value === window);
  return (
    <Select
      aria-label="How far back"
      value={window}
      onChange={(_, { value }) => navigate({ page: 'reports', name, window: value }, 'replace')}
    >
      {!isKnown && <option value={window}>{window}</option>}
      {windows.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </Select>
  );
}

function Body({ report: { figures, series, tables, limits } }: { report: Report }) {
  const styles = useStyles();
  return (
    <>
      <Figures figures={figures} />
      {limits.map((sentence) => (
        <Text key={sentence} size={200} className={styles.quiet}>
          {sentence}
        </Text>
      ))}
      {series.length > 0 && (
        <div className={styles.charts}>
          {series.map((one) => (
            <BarChart key={one.label} series={one} />
          ))}
        </div>
      )}
      {tables.map((table) => (
        <ReportTable key={table.title} table={table} />
      ))}
    </>
  );
}
