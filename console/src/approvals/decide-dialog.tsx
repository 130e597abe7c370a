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
import { type FormEvent, type MouseEvent, useState } from 'react';
import type { Action, ApprovalView, Verdict } from '../../../cards/view.ts';
import { usePersonName } from '../person.tsx';

const useStyles = makeStyles({
  content: { display: 'grid', gap: tokens.spacingVerticalM },
});

const titles = {
  approve: 'Approve this change?',
  reject: 'Reject this change?',
  cancel: 'Cancel this change?',
} as const satisfies Record<Verdict, string>;

/** Esc must still reach the dialog after a click beside it. */
const keepFocus = (event: MouseEvent) => event.preventDefault();

/** As on the card. */
const longestReason = 300;

export type DecideAction = Extract<Action, { kind: 'decide' }>;

interface DecideFormProps {
  action: DecideAction;
  view: ApprovalView;
  onCancel: () => void;
  onDecide: (reason: string) => void;
}

/**
 * The last look before a decision. It stays mounted while closed, so that the focus finds its way back. A click beside
 * it does nothing: the second half of a double click would close it unseen.
 */
export function DecideDialog({ open, ...form }: DecideFormProps & { open: boolean }) {
  return (
    <Dialog
      open={open}
      onOpenChange={(_, { open: opens, type }) => opens || type === 'backdropClick' || form.onCancel()}
    >
      <DialogSurface backdrop={{ onMouseDown: keepFocus }}>
        <DecideForm {...form} />
      </DialogSurface>
    </Dialog>
  );
}

/** The reason goes to the requester and into the audit record. */
function DecideForm({ action: { verdict, label, reason: wanted }, view, onCancel, onDecide }: DecideFormProps) {
  const styles = useStyles();
  const requester = usePersonName()(view.requester);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const required = wanted === 'required';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (required && reason.trim() === '') setMissing(true);
    else onDecide(reason.trim());
  };
  return (
    <form onSubmit={submit} noValidate>
      <DialogBody>
        <DialogTitle>{titles[verdict]}</DialogTitle>
        <DialogContent className={styles.content}>
          <Text>
            {view.action}, asked for by {requester}.
          </Text>
          <Field
            label={required ? 'Reason' : 'Reason (if there is one to give)'}
            required={required}
            hint={`${requester} reads it, and it stays in the audit record. At most ${longestReason} characters.`}
            validationMessage={missing && reason.trim() === '' ? 'Say why in a few words.' : undefined}
          >
            <Textarea value={reason} maxLength={longestReason} rows={3} onChange={(_, data) => setReason(data.value)} />
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
  );
}
