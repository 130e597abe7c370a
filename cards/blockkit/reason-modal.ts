import type { InputBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { VERDICTS, type Verdict } from '../view.ts';
import { maxReason } from './limits.ts';
import { fromJson, Ids, type Press } from './press.ts';
import { plainText } from './rich.ts';

const name = 'reason';

const words = {
  approve: { title: 'Approve the change', submit: 'Approve' },
  reject: { title: 'Reject the change', submit: 'Reject' },
  cancel: { title: 'Cancel the change', submit: 'Cancel the change' },
} as const satisfies Record<Verdict, { title: string; submit: string }>;

/** What the dialog carries through Slack and back. `where` is the caller's own: the message the press came from. */
const Carried = Ids.extend({ verdict: z.enum(VERDICTS), where: z.string().max(2000) });

/** Slack lets nobody send the dialog without a text. */
const Submitted = z.object({
  callback_id: z.literal(name),
  private_metadata: z.string().transform(fromJson).pipe(Carried),
  state: z.object({
    values: z.object({ [name]: z.object({ [name]: z.object({ value: z.string().trim().min(1).max(maxReason) }) }) }),
  }),
});

/** Asks why. Nothing is decided before it is sent. */
export function reasonModal(
  { verdict, approvalId, digest }: Extract<Press, { kind: 'ask' }>,
  where: string,
): ModalView {
  const { title, submit } = words[verdict];
  const carried: z.input<typeof Carried> = { verdict, approvalId, digest, where };
  return {
    type: 'modal',
    callback_id: name,
    private_metadata: JSON.stringify(carried),
    title: plainText(title),
    submit: plainText(submit),
    close: plainText('Back'),
    blocks: [question],
  };
}

const question: InputBlock = {
  type: 'input',
  block_id: name,
  label: plainText('Why? The requester will read this.'),
  element: { type: 'plain_text_input', action_id: name, multiline: true, max_length: maxReason, focus_on_load: true },
};

/** From the `view` of a `view_submission`; `undefined` when it is not this dialog, was tampered with or holds only blanks. */
export function readReason(viewPayload: unknown): (z.output<typeof Carried> & { reason: string }) | undefined {
  const submitted = Submitted.safeParse(viewPayload).data;
  if (submitted === undefined) return undefined;
  return { ...submitted.private_metadata, reason: submitted.state.values[name][name].value };
}
