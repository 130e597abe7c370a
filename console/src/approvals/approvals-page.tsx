import { Button, makeStyles, mergeClasses, Spinner, Tab, TabList, Text, tokens } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import { PageFrame } from '../shell/page-frame.tsx';
import { CallProblem } from '../shell/problem.tsx';
import { navigate } from '../use-route.ts';
import { ApprovalList } from './approval-list.tsx';
import { ApprovalPane } from './approval-pane.tsx';
import { linkId } from './links.ts';
import { useApprovals } from './use-approvals.ts';

const useStyles = makeStyles({
  root: { display: 'flex', flexGrow: 1, minHeight: 0 },
  list: { display: 'flex', flexGrow: 1, flexBasis: 0, minWidth: 0 },
  behind: { '@media (max-width: 760px)': { display: 'none' } },
  empty: {
    padding: `${tokens.spacingVerticalXXXL} 0`,
    color: tokens.colorNeutralForeground2,
    maxWidth: '60ch',
  },
  tabs: { marginLeft: '-12px' },
  more: { alignSelf: 'center' },
});

const empty = {
  pending:
    'Nothing waits for a decision. When somebody asks for a change to AWS, it appears here and in the chat where it was asked.',
  decided: 'No decision has been made yet. Approved, rejected, expired and cancelled changes stay listed here.',
} as const;

interface ApprovalsPageProps {
  tab: 'pending' | 'decided';
  id?: string;
  /** The token of the link that led here. */
  stepUp?: string;
}

export function ApprovalsPage({ tab, id, stepUp }: ApprovalsPageProps) {
  const styles = useStyles();
  const lastId = useRef(id);
  useEffect(() => {
    // The pane took the focus; the keyboard goes on where it was, if that is still listed.
    const opener = lastId.current && document.getElementById(linkId(lastId.current));
    if (!id && lastId.current) (opener || document.getElementById('page'))?.focus();
    lastId.current = id;
  }, [id]);
  return (
    <div className={styles.root}>
      <div className={mergeClasses(styles.list, id && styles.behind)}>
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
          <Listed tab={tab} id={id} />
        </PageFrame>
      </div>
      {id && <ApprovalPane key={id} id={id} stepUp={stepUp} onClose={() => navigate({ page: 'approvals', tab })} />}
    </div>
  );
}

function Listed({ tab, id }: ApprovalsPageProps) {
  const styles = useStyles();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useApprovals(tab);
  const views = data?.pages.flatMap(({ approvals }) => approvals.map(({ view }) => view));
  return (
    <>
      {error && !views && <CallProblem error={error} onRetry={refetch} />}
      {!error && !views && <Spinner label="Fetching approvals…" />}
      {views?.length === 0 && <Text className={styles.empty}>{empty[tab]}</Text>}
      {views && views.length > 0 && <ApprovalList views={views} tab={tab} current={id} />}
      {hasNextPage && (
        <Button className={styles.more} disabled={isFetchingNextPage} onClick={() => fetchNextPage()}>
          Load more
        </Button>
      )}
    </>
  );
}
