import { Button, MessageBar, MessageBarBody, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { Action, ApprovalView } from '../../../cards/view.ts';
import { mayStillDecide } from '../../../cards/wording.ts';
import { usePress } from '../card/use-press.ts';
import { DecideDialog } from './decide-dialog.tsx';

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalS, width: '100%' },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export type DecideAction = Extract<Action, { kind: 'decide' }>;

/** The decisions the change still takes. Who may take them, the server says: it knows the rules of this moment. */
export function Decide({ view }: { view: ApprovalView }) {
  const styles = useStyles();
  const { pressing, press } = usePress('me');
  const [asking, setAsking] = useState<DecideAction>();
  const actions = (view.actions ?? []).filter(
    (action): action is DecideAction => action.kind === 'decide' && mayStillDecide(view, action.verdict),
  );

  const decide = (action: DecideAction, reason: string) => {
    setAsking(undefined);
    const { verdict, approvalId, digest } = action;
    void press({ kind: 'decide', decision: { verdict, approvalId, digest, ...(reason && { reason }) } });
  };
  return (
    <div className={styles.root}>
      {pressing.state === 'answered' && (
        <MessageBar
          intent={pressing.result.outcome === 'denied' || pressing.result.outcome === 'failed' ? 'error' : 'success'}
          layout="multiline"
        >
          <MessageBarBody>{pressing.result.text}</MessageBarBody>
        </MessageBar>
      )}
      {pressing.state === 'failed' && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            The decision was not taken. {pressing.error.message} Press again: it cannot count twice.
          </MessageBarBody>
        </MessageBar>
      )}
      {actions.length > 0 && (
        <>
          <div className={styles.buttons}>
            {actions.map((action) => (
              <Button
                key={action.verdict}
                appearance={action.verdict === 'approve' ? 'primary' : 'secondary'}
                disabled={pressing.state === 'busy'}
                onClick={() => setAsking(action)}
              >
                {action.label}
              </Button>
            ))}
          </div>
          <Text size={200} className={styles.quiet}>
            May approve: {view.mayApprove}
          </Text>
        </>
      )}
      {asking && (
        <DecideDialog
          action={asking}
          view={view}
          onCancel={() => setAsking(undefined)}
          onDecide={(reason) => decide(asking, reason)}
        />
      )}
    </div>
  );
}
