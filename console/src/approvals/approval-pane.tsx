import { Button, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useEffect, useRef } from 'react';
import { CallProblem } from '../shell/problem.tsx';
import { ApprovalDetail } from './approval-detail.tsx';
import { Decide } from './decide.tsx';
import { useApproval } from './use-approvals.ts';

const narrow = '@media (max-width: 760px)';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    flexShrink: 0,
    minHeight: 0,
    width: 'clamp(380px, 50%, 620px)',
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
    [narrow]: { width: '100%', borderLeft: 'none' },
  },
  head: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
  },
  title: { margin: 0, outlineStyle: 'none' },
  body: { flexGrow: 1, minHeight: 0, overflowY: 'auto', padding: `0 ${tokens.spacingHorizontalL}` },
  foot: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    ':empty': { display: 'none' },
  },
});

interface ApprovalPaneProps {
  id: string;
  stepUp?: string;
  onClose: () => void;
}

/** One change beside the list, or instead of it where the window is narrow. Esc and the button close it. */
export function ApprovalPane({ id, stepUp, onClose }: ApprovalPaneProps) {
  const styles = useStyles();
  const { data, error, refetch } = useApproval(id);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <section
      className={styles.root}
      aria-labelledby="change-title"
      onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && onClose()}
    >
      <div className={styles.head}>
        <Text as="h2" id="change-title" size={500} weight="semibold" className={styles.title} tabIndex={-1} ref={title}>
          Change {id}
        </Text>
        <Button appearance="subtle" aria-label="Close" icon={<DismissRegular />} onClick={onClose} />
      </div>
      <div className={styles.body}>
        {error && !data && <CallProblem error={error} onRetry={refetch} />}
        {!error && !data && <Spinner label="Fetching the change…" />}
        {data && <ApprovalDetail view={data.view} card={data.card} history={data.history} />}
      </div>
      <div className={styles.foot}>{data && <Decide view={data.view} stepUp={stepUp} />}</div>
    </section>
  );
}
