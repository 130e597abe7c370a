import { z } from 'zod';

const Minutes = z.number().int().min(1);
const Clock24 = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'use HH:MM, 24 hours, UTC');
const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

const ChannelName = z.string().regex(/^#[a-z0-9-]{1,60}$/, 'a channel looks like #ops');
/** `<channel>:<its own id>`, each in the platform's own form: a name, or an id as it stands in a link, would lead nowhere. */
const Route = z.union(
  [
    z.string().regex(/^web:#[a-z0-9-]{1,60}$/),
    z.string().regex(/^slack:[TE][A-Z0-9]{2,20}\/[CDGU][A-Z0-9]{2,20}$/),
    z.string().regex(/^teams:(19:[^\s%;]{1,150}@thread\.(tacv2|v2|skype)|a:[^\s%;]{1,200})$/),
  ],
  'a route looks like slack:T0123ABCD/C0123ABCD, teams:19:…@thread.tacv2 (with : and @, not %3A and %40) or web:#ops',
);

const ChangeWindow = z.strictObject({ days: z.array(Weekday).min(1), from: Clock24, to: Clock24 });
export type ChangeWindow = z.output<typeof ChangeWindow>;

/** The content of `POLICY_FILE`: figures and names, not rules. Rules are in `rules/*.cedar`. */
export const Settings = z.strictObject({
  /** The kill switch: `paused` lets nothing be proposed, approved or executed. */
  changes: z.enum(['allowed', 'paused']).default('allowed'),
  /** A proposal lives this long; configurable down only (G5). */
  approval_minutes: Minutes.max(15).default(15),
  quorum: z
    .strictObject({
      low: z.number().int().min(1).default(1),
      medium: z.number().int().min(1).default(1),
      high: z.number().int().min(2).default(2),
      critical: z.number().int().min(2).default(2),
    })
    .prefault({}),
  limits: z
    .strictObject({
      per_hour: z.number().int().min(0).default(10),
      concurrent: z.number().int().min(1).max(20).default(3),
      cooldown_minutes: z.number().int().min(0).default(10),
      pending_per_person: z.number().int().min(1).max(100).default(10),
    })
    .prefault({}),
  /** What the language model may take and cost. A turn that has reached a cap stops before its next step. */
  model: z
    .strictObject({
      /** Calls of the model in one turn. */
      steps_per_turn: z.number().int().min(1).max(20).default(8),
      steps_per_investigation: z.number().int().min(1).max(40).default(16),
      /** Tools that the model runs in one turn. */
      calls_per_turn: z.number().int().min(1).max(100).default(24),
      /** Read and written, those from the vendor's cache included. */
      tokens_per_turn: z.number().int().min(1_000).max(2_000_000).default(150_000),
      usd_per_turn: z.number().min(0.01).max(100).default(1),
      /** A day is a UTC day. */
      tokens_per_person_day: z.number().int().min(1_000).max(100_000_000).default(2_000_000),
      usd_per_person_day: z.number().min(0.01).max(1_000).default(10),
    })
    .prefault({}),
  /** Changes execute only inside these, UTC. None listed: at any time. */
  change_windows: z.array(ChangeWindow).default([]),
  /** Where people may be told things. */
  channels: z.array(ChannelName).min(1).default(['#ops']),
  /** Where a channel's name leads. A name without a line leads to the web console. */
  routes: z.record(ChannelName, z.array(Route).min(1)).default({}),
  /** Who is asked to approve: the first channel at once, each next one at half of the time that is left (G14). Unset: the first of `channels`. */
  approvers: z.array(ChannelName).min(1).max(4).optional(),
  webhooks: z.array(z.url({ protocol: /^https$/ })).default([]),
  /** Hosts of `webhooks` that may lead into a private network (RFC 1918, RFC 4193), for example a chat server of one's own. */
  private_webhook_hosts: z
    .array(z.string().regex(/^[a-z0-9.:-]{1,253}$/, 'a host as it stands in the URL'))
    .default([]),
});
export type Settings = z.output<typeof Settings>;

export const defaultSettings: Settings = Settings.parse({});
