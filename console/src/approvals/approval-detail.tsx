import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { useMemo } from 'react';
import type { AuditEntry } from '../../../adapters/web/console-data.ts';
import type { ApprovalView } from '../../../cards/view.ts';
import type { CardJson } from '../api.ts';
import { Card } from '../card/card.tsx';
import { withoutDecisions } from '../card/without-decisions.ts';
import { History } from './history.tsx';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: tokens.spacingVerticalXL,
    padding: '2px 2px 24px',
  },
});

interface ApprovalDetailProps {
  view: ApprovalView;
  card: CardJson;
  history: AuditEntry[];
}

/** The card as everybody saw it. Its buttons are in the panel's footer, where they stay in reach. */
export function ApprovalDetail({ view, card, history }: ApprovalDetailProps) {
  const styles = useStyles();
  const looked = useMemo(() => withoutDecisions(card, ['approve', 'reject', 'cancel']), [card]);
  return (
    <div className={styles.root}>
      <Card json={looked} label={view.title} />
      <section aria-labelledby="history">
        <Text as="h2" id="history" size={400} weight="semibold" block>
          History
        </Text>
        <History entries={history} />
      </section>
    </div>
  );
}
