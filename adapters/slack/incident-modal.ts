import type { types } from '@slack/bolt';
import { z } from 'zod';
import { plain } from '../../cards/blockkit/plain.ts';
import { severities } from '../../tools/incidents/incident.ts';

/** The message shortcut of the manifest, and the dialog it opens. */
export const createIncident = 'create_incident';

const longestSummary = 500;
const shortestSummary = 3;
const summary = 'summary';
const severity = 'severity';

const text = (words: string): types.PlainTextElement => ({ type: 'plain_text', text: words, emoji: false });
const option = (value: string): types.PlainTextOption => ({ text: text(value), value });

/** Asks what is wrong and how bad it is; `where` is the conversation of the message that it is about. */
export function incidentModal(about: string, where: string): types.ModalView {
  const start = plain(about, longestSummary);
  return {
    type: 'modal',
    callback_id: createIncident,
    private_metadata: where,
    title: text('Create incident'),
    submit: text('Create'),
    close: text('Back'),
    blocks: [
      {
        type: 'input',
        block_id: summary,
        label: text('What is wrong?'),
        element: {
          type: 'plain_text_input',
          action_id: summary,
          multiline: true,
          min_length: shortestSummary,
          max_length: longestSummary,
          ...(start !== '' && { initial_value: start }),
        },
      },
      {
        type: 'input',
        block_id: severity,
        label: text('How bad is it?'),
        element: { type: 'static_select', action_id: severity, options: severities.map(option) },
      },
    ],
  };
}

const Submitted = z.object({
  callback_id: z.literal(createIncident),
  private_metadata: z.string().max(200),
  state: z.object({
    values: z.object({
      [summary]: z.object({
        [summary]: z.object({ value: z.string().trim().min(shortestSummary).max(longestSummary) }),
      }),
      [severity]: z.object({ [severity]: z.object({ selected_option: z.object({ value: z.enum(severities) }) }) }),
    }),
  }),
});

export interface NewIncident {
  summary: string;
  severity: string;
  where: string;
}

/** From the `view` of a `view_submission`; `undefined` when it is not this dialog. */
export function readIncident(view: unknown): NewIncident | undefined {
  const sent = Submitted.safeParse(view).data;
  if (!sent) return undefined;
  const { values } = sent.state;
  return {
    summary: values[summary][summary].value.toWellFormed(),
    severity: values[severity][severity].selected_option.value,
    where: sent.private_metadata,
  };
}
