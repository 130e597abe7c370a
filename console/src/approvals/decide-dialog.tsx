import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  makeStyles,
  Text,
  Textarea,
  tokens,
} from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import type { ApprovalView, Verdict } from '../../../cards/view.ts';
import type { DecideAction } from './decide.tsx';

const useStyles = makeStyles({
  content: { display: 'grid', gap: tokens.spacingVerticalM },
});

const titles = {
  approve: 'Approve this change?',
  reject: 'Reject this change?',
  cancel: 'Cancel this change?',
} as const satisfies Record<Verdict, string>;

/** As on the card. */
const longestReason = 300;

interface DecideDialogProps {
  action: DecideAction;
  view: ApprovalView;
  onCancel: () => void;
  onDecide: (reason: string) => void;
}

/** The last look before a decision, with the reason that goes to the requester and into the audit record. */
export function DecideDialog({
  action: { verdict, label, reason: wanted },
  view,
  onCancel,
  onDecide,
}: DecideDialogProps) {
  const styles = useStyles();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const required = wanted === 'required';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (required && reason.trim() === '') return setMissing(true);
    onDecide(reason.trim());
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => open || onCancel()}>
      <DialogSurface>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{titles[verdict]}</DialogTitle>
            <DialogContent className={styles.content}>
              <Text>
                {view.action}, asked for by {view.requester}.
              </Text>
              <Field
                label={required ? 'Reason' : 'Reason (if there is one to give)'}
                required={required}
                hint={`${view.requester} reads it, and it stays in the audit record.`}
                validationMessage={missing && reason.trim() === '' ? 'Say why in a few words.' : undefined}
              >
                <Textarea
                  value={reason}
                  maxLength={longestReason}
                  rows={3}
                  onChange={(_, data) => setReason(data.value)}
                />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button onClick={onCancel}>Not now</Button>
              <Button type="submit" appearance="primary">
                {label}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
