import { z } from 'zod';
import { MessageTs, SlackId } from './ids.ts';

const MaybeId = SlackId.nullish();
const Flag = z.boolean().nullish();

/** Of a delivery of the Events API, what is needed; https://docs.slack.dev/apis/events-api. */
export const Envelope = z.object({
  type: z.literal('event_callback'),
  team_id: MaybeId,
  /** Where the app is installed, when `team_id` is a workspace that only shares the channel. */
  context_team_id: MaybeId,
  enterprise_id: MaybeId,
  authorizations: z
    .array(z.object({ team_id: MaybeId, enterprise_id: MaybeId, is_enterprise_install: Flag }))
    .nullish(),
  event_id: z.string().regex(/^[A-Za-z0-9]{2,64}$/),
  event: z.looseObject({ type: z.string().min(1).max(100) }),
});
export type Envelope = z.output<typeof Envelope>;

/** What somebody wrote. Absent `user`, or any of the marks below it: not a person's new message. */
const said = {
  user: MaybeId,
  text: z.string().nullish(),
  ts: MessageTs,
  thread_ts: MessageTs.nullish(),
  channel: SlackId,
  /** The workspace the person belongs to, in channels that organisations share. */
  user_team: MaybeId,
  team: MaybeId,
  bot_id: z.string().nullish(),
  subtype: z.string().nullish(),
  hidden: Flag,
  edited: z.unknown().optional(),
};

export const Said = z.discriminatedUnion('type', [
  z.object({ type: z.literal('app_mention'), ...said }),
  z.object({ type: z.literal('message'), channel_type: z.string().nullish(), ...said }),
]);

export const HomeOpened = z.object({
  type: z.literal('app_home_opened'),
  user: SlackId,
  channel: SlackId.nullish(),
  tab: z.string().nullish(),
});

export const TokensRevoked = z.object({ tokens: z.object({ bot: z.array(z.string()).nullish() }) });
