import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import type { ApprovalView } from '../../../cards/view.ts';
import { Moment } from '../moment.tsx';
import { usePersonName } from '../person.tsx';
import { linkId, linkTo } from './links.ts';
import { RiskBadge } from './risk-badge.tsx';
import { Stands } from './stands.tsx';
import { votesOf } from './votes.ts';

const useStyles = makeStyles({
  list: { display: 'grid', gap: tokens.spacingVerticalM, listStyleType: 'none', margin: 0, padding: 0 },
  card: {
    display: 'grid',
    gap: tokens.spacingVerticalXS,
    padding: tokens.spacingVerticalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    overflowWrap: 'anywhere',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  current: { border: `1px solid ${tokens.colorBrandStroke1}`, backgroundColor: tokens.colorBrandBackground2 },
  quiet: { color: tokens.colorNeutralForeground3 },
  badges: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXS },
});

interface ApprovalCardsProps {
  views: ApprovalView[];
  tab: 'pending' | 'decided';
  /** The change that is open beside the list. */
  current?: string;
}

export function ApprovalCards({ views, tab, current }: ApprovalCardsProps) {
  const styles = useStyles();
  const nameOf = usePersonName();
  return (
    <ul className={styles.list} aria-label={tab === 'pending' ? 'Pending approvals' : 'Decided approvals'}>
      {views.map((view) => (
        <li key={view.approvalId}>
          <a
            className={mergeClasses(styles.card, view.approvalId === current && styles.current)}
            aria-current={view.approvalId === current ? 'true' : undefined}
            id={linkId(view.approvalId)}
            href={linkTo(tab, view.approvalId)}
          >
            <Text weight="semibold">{view.action}</Text>
            <Text size={200}>{view.target}</Text>
            <Text size={200} className={styles.quiet}>
              {nameOf(view.requester)}, {votesOf(view)} votes
              {tab === 'pending' && (
                <>
                  , expires <Moment at={view.expiresAt} show="relative" /> (<Moment at={view.expiresAt} show="zoned" />)
                </>
              )}
            </Text>
            <span className={styles.badges}>
              <RiskBadge risk={view.risk} />
            </span>
            {tab === 'decided' && <Stands view={view} />}
          </a>
        </li>
      ))}
    </ul>
  );
}
