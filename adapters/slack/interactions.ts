import { z } from 'zod';
import { MessageTs, SlackId } from './ids.ts';

const MaybeId = SlackId.nullish();
/** Works once and for three seconds. */
const TriggerId = z.string().min(1).max(300);

/** Slash commands arrive as a form, so every value is text. https://docs.slack.dev/interactivity/implementing-slash-commands */
export const Command = z.object({
  command: z.string().regex(/^\/\S{1,40}$/),
  text: z.string().default(''),
  team_id: MaybeId,
  enterprise_id: MaybeId,
  is_enterprise_install: z
    .union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')])
    .nullish(),
  user_id: SlackId,
  channel_id: SlackId,
  trigger_id: TriggerId,
});

/** Who did it, and where the app is installed. */
const interaction = {
  user: z.object({ id: SlackId, team_id: MaybeId }),
  team: z.object({ id: SlackId }).nullish(),
  enterprise: z.object({ id: SlackId }).nullish(),
  is_enterprise_install: z.boolean().nullish(),
};

/** Pressed buttons. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const Press = z.object({
  type: z.literal('block_actions'),
  ...interaction,
  trigger_id: TriggerId,
  channel: z.object({ id: SlackId }).nullish(),
  message: z.object({ ts: MessageTs, thread_ts: MessageTs.nullish() }).nullish(),
  container: z.object({ thread_ts: MessageTs.nullish() }).nullish(),
  actions: z
    .array(
      z.object({
        action_id: z.string().max(255),
        action_ts: z.string().max(40),
        value: z.string().max(2000).nullish(),
      }),
    )
    .min(1),
});

/** A dialog that was sent; what is in it is read by the dialog's own schema. */
export const Submission = z.object({
  type: z.literal('view_submission'),
  ...interaction,
  view: z.looseObject({ id: SlackId, callback_id: z.string().max(255).default(''), app_installed_team_id: MaybeId }),
});

/** A shortcut in the menu of a message. */
export const Shortcut = z.object({
  type: z.literal('message_action'),
  ...interaction,
  callback_id: z.string().max(255),
  trigger_id: TriggerId,
  channel: z.object({ id: SlackId }),
  message: z.object({ ts: MessageTs, thread_ts: MessageTs.nullish(), text: z.string().nullish() }),
});

export type Interaction = Pick<z.output<typeof Press>, 'user' | 'team' | 'enterprise' | 'is_enterprise_install'>;
