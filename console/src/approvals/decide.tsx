import { Button, makeStyles, Text, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { useState } from 'react';
import type { ApprovalView } from '../../../cards/view.ts';
import { mayStillDecide } from '../../../cards/wording.ts';
import { usePress } from '../card/use-press.ts';
import { useSpeaking } from '../person.tsx';
import { type DecideAction, DecideDialog } from './decide-dialog.tsx';
import { PressResult } from './press-result.tsx';
import { StepUpButton, StepUpReason, useWantsStepUp } from './step-up.tsx';

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalS, width: '100%' },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/**
 * The decisions the change still takes. Who may take them, the server says: it knows the rules of this moment. Only
 * cancelling never is anybody else's than the requester's.
 */
export function Decide({ view, stepUp }: { view: ApprovalView; stepUp?: string }) {
  const styles = useStyles();
  const restoreFocus = useRestoreFocusTarget();
  const { person, session } = useSpeaking();
  const wantsStepUp = useWantsStepUp(session.self, view.risk);
  const { pressing, press } = usePress('me');
  const [asked, setAsked] = useState<DecideAction>();
  const [open, setOpen] = useState(false);
  const actions = (view.actions ?? []).filter(
    (action): action is DecideAction =>
      action.kind === 'decide' &&
      mayStillDecide(view, action.verdict) &&
      (action.verdict !== 'cancel' || view.requester === person.id),
  );

  const mayApprove = actions.some(({ verdict }) => verdict === 'approve');
  const pressable = actions.filter(({ verdict }) => verdict !== 'approve' || !wantsStepUp);

  const ask = (action: DecideAction) => {
    setAsked(action);
    setOpen(true);
  };
  const decide = ({ verdict, approvalId, digest }: DecideAction, reason: string) => {
    setOpen(false);
    void press({ kind: 'decide', decision: { verdict, approvalId, digest, ...(reason && { reason }) } });
  };
  if (actions.length === 0 && pressing.state === 'idle') return null;
  return (
    <div className={styles.root}>
      <PressResult pressing={pressing} />
      {actions.length > 0 && (
        <>
          <div className={styles.buttons}>
            {mayApprove && wantsStepUp && <StepUpButton token={stepUp} />}
            {pressable.map((action) => (
              <Button
                key={action.verdict}
                appearance={action.verdict === 'approve' ? 'primary' : 'secondary'}
                {...restoreFocus}
                disabledFocusable={pressing.state === 'busy'}
                onClick={() => ask(action)}
              >
                {action.label}
              </Button>
            ))}
          </div>
          {mayApprove && wantsStepUp && <StepUpReason risk={view.risk} />}
          <Text size={200} className={styles.quiet}>
            May approve: {view.mayApprove}
          </Text>
        </>
      )}
      {asked && (
        <DecideDialog
          open={open}
          action={asked}
          view={view}
          onCancel={() => setOpen(false)}
          onDecide={(reason) => decide(asked, reason)}
        />
      )}
    </div>
  );
}
