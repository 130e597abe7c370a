import { z } from 'zod';
import { POINTS, type Point } from './points.ts';

const Points = z.enum(Object.keys(POINTS) as [Point, ...Point[]]);

export const CrashSabotage = z.enum(['outcome before the call', 'no intent']);
export type CrashSabotage = z.output<typeof CrashSabotage>;

/** What one process is to do, from its start to its end. */
export const LifePlan = z.strictObject({
  uri: z.string(),
  policyFile: z.string(),
  aws: z.string(),
  /** Synced files: what was shown in chat, and what people were answered. */
  chat: z.string(),
  said: z.string(),
  checkpoints: z.string(),
  key: z.string(),
  /** Its clock is so far ahead: leases and pauses of the life before are over. */
  aheadMs: z.number(),
  /** Numbers its instances. */
  life: z.number(),
  /** Dies there; left out, it goes on until it is killed, or ends by itself after `changes`. */
  point: Points.optional(),
  changes: z.number(),
  sabotage: CrashSabotage.optional(),
});
export type LifePlan = z.output<typeof LifePlan>;

export const ChatLine = z.strictObject({ channel: z.string(), kind: z.string(), title: z.string() });
export type ChatLine = z.output<typeof ChatLine>;

/** What somebody was answered. */
export const Said = z.strictObject({ change: z.string(), said: z.enum(['proposed', 'voted']) });
export type Said = z.output<typeof Said>;
