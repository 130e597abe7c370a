import {
  Link,
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components';
import type { ApprovalView } from '../../../cards/view.ts';
import { Moment } from '../moment.tsx';
import { usePersonName } from '../person.tsx';
import { linkId, linkTo } from './links.ts';
import { RiskBadge } from './risk-badge.tsx';
import { Stands } from './stands.tsx';
import { votesOf } from './votes.ts';

const useStyles = makeStyles({
  row: { cursor: 'pointer' },
  action: {
    width: '30%',
    paddingTop: tokens.spacingVerticalS,
    paddingBottom: tokens.spacingVerticalS,
    overflowWrap: 'anywhere',
  },
  target: {
    width: '24%',
    paddingTop: tokens.spacingVerticalS,
    paddingBottom: tokens.spacingVerticalS,
    overflowWrap: 'anywhere',
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
  },
  quiet: { display: 'block', color: tokens.colorNeutralForeground3 },
  targetHead: { width: '24%' },
  risk: { width: '112px' },
  votes: { width: '72px' },
});

interface ApprovalTableProps {
  views: ApprovalView[];
  tab: 'pending' | 'decided';
}

export function ApprovalTable({ views, tab }: ApprovalTableProps) {
  const styles = useStyles();
  const nameOf = usePersonName();
  return (
    <Table aria-label={tab === 'pending' ? 'Pending approvals' : 'Decided approvals'}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell className={styles.action}>Action</TableHeaderCell>
          <TableHeaderCell className={styles.targetHead}>Target</TableHeaderCell>
          <TableHeaderCell className={styles.risk}>Risk</TableHeaderCell>
          <TableHeaderCell>Requester</TableHeaderCell>
          <TableHeaderCell>{tab === 'pending' ? 'Expires' : 'State'}</TableHeaderCell>
          <TableHeaderCell className={styles.votes}>Votes</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {views.map((view) => (
          <TableRow
            key={view.approvalId}
            className={styles.row}
            onClick={() => window.location.assign(linkTo(tab, view.approvalId))}
          >
            <TableCell className={styles.action}>
              <Link id={linkId(view.approvalId)} href={linkTo(tab, view.approvalId)}>
                {view.action}
              </Link>
            </TableCell>
            <TableCell className={styles.target}>{view.target}</TableCell>
            <TableCell className={styles.risk}>
              <RiskBadge risk={view.risk} />
            </TableCell>
            <TableCell>{nameOf(view.requester)}</TableCell>
            <TableCell>
              {tab === 'pending' ? <Expiry at={view.expiresAt} quiet={styles.quiet} /> : <Stands view={view} />}
            </TableCell>
            <TableCell className={styles.votes}>{votesOf(view)}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** Both ways to say it, so that nothing hides behind a hover. */
function Expiry({ at, quiet }: { at: string; quiet: string }) {
  return (
    <div>
      <Moment at={at} show="relative" />
      <Text size={200} className={quiet}>
        <Moment at={at} show="zoned" />
      </Text>
    </div>
  );
}
