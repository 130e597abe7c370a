import { Button, makeStyles, Spinner, Tab, TabList, Text, tokens } from '@fluentui/react-components';
import { PageFrame } from '../shell/page-frame.tsx';
import { CallProblem } from '../shell/problem.tsx';
import { navigate } from '../use-route.ts';
import { ApprovalList } from './approval-list.tsx';
import { ApprovalPanel } from './approval-panel.tsx';
import { useApprovals } from './use-approvals.ts';

const useStyles = makeStyles({
  empty: { padding: `${tokens.spacingVerticalXXXL} 0`, color: tokens.colorNeutralForeground2, maxWidth: '60ch' },
  tabs: { marginLeft: '-12px' },
  more: { alignSelf: 'center' },
});

const empty = {
  pending:
    'Nothing waits for a decision. When somebody asks for a change to AWS, it appears here and in the chat where it was asked.',
  decided: 'No decision has been made yet. Approved, rejected, expired and cancelled changes stay listed here.',
} as const;

export function ApprovalsPage({ tab, id }: { tab: 'pending' | 'decided'; id?: string }) {
  const styles = useStyles();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useApprovals(tab);
  const views = data?.pages.flatMap(({ approvals }) => approvals.map(({ view }) => view));
  return (
    <PageFrame title="Approvals">
      <TabList
        className={styles.tabs}
        selectedValue={tab}
        onTabSelect={(_, { value }) =>
          navigate({ page: 'approvals', tab: value === 'decided' ? 'decided' : 'pending' })
        }
        aria-label="Which approvals"
      >
        <Tab value="pending">Pending</Tab>
        <Tab value="decided">Decided</Tab>
      </TabList>
      {error && !views && <CallProblem error={error} onRetry={refetch} />}
      {!error && !views && <Spinner label="Fetching approvals…" />}
      {views?.length === 0 && <Text className={styles.empty}>{empty[tab]}</Text>}
      {views && views.length > 0 && <ApprovalList views={views} tab={tab} />}
      {hasNextPage && (
        <Button className={styles.more} disabled={isFetchingNextPage} onClick={() => fetchNextPage()}>
          Load more
        </Button>
      )}
      <ApprovalPanel id={id} onClose={() => navigate({ page: 'approvals', tab })} />
    </PageFrame>
  );
}
