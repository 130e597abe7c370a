import { Button, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import type { AuditFilters } from '../routes.ts';
import { PageFrame } from '../shell/page-frame.tsx';
import { CallProblem } from '../shell/problem.tsx';
import { AuditFilterBar } from './audit-filters.tsx';
import { AuditTable } from './audit-table.tsx';
import { ChainBanner } from './chain-banner.tsx';
import { useAudit } from './use-audit.ts';

const useStyles = makeStyles({
  empty: { padding: `${tokens.spacingVerticalXXXL} 0`, color: tokens.colorNeutralForeground2 },
  more: { alignSelf: 'center' },
});

/** Everything that was asked, decided and done, newest first. */
export function AuditPage({ filters }: { filters: AuditFilters }) {
  const styles = useStyles();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isFetching } = useAudit(filters);
  const entries = data?.pages.flatMap((page) => page.entries);
  const filtered = Object.keys(filters).length > 0;
  return (
    <PageFrame title="Audit">
      <ChainBanner />
      <AuditFilterBar filters={filters} />
      {error && !entries && <CallProblem error={error} onRetry={refetch} />}
      {!error && !entries && <Spinner label="Reading the record…" />}
      {entries?.length === 0 && (
        <Text className={styles.empty}>
          {filtered
            ? 'No record passes these filters.'
            : 'Nothing is recorded yet. The first question or change leaves a record here.'}
        </Text>
      )}
      {entries && entries.length > 0 && <AuditTable entries={entries} stale={isFetching} />}
      {hasNextPage && (
        <Button className={styles.more} disabled={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {isFetchingNextPage ? 'Loading…' : 'Load more'}
        </Button>
      )}
    </PageFrame>
  );
}
