import { z } from 'zod';
import { RISKS } from '../cards/view.ts';
import { digest, type Json } from '../lib/json.ts';
import { MODES } from '../lib/modes.ts';
import { environmentOf } from '../tools/environment.ts';
import type { Target } from '../tools/tool.ts';
import type { GuardedTarget } from './policy.ts';

const Text = z.string();
const JsonRecord = z.record(z.string(), z.json());

const PlannedTarget = z.strictObject({ arn: Text, id: Text, label: Text, tags: z.record(z.string(), z.string()) });

/** All that a person approves. What is in here is what runs; any other bytes give another digest (SAFETY §5.3). */
export const Plan = z.strictObject({
  change_id: Text,
  tool: Text,
  tool_schema_hash: Text,
  params: JsonRecord,
  action: Text,
  /** Sorted by ARN. */
  targets: z.array(PlannedTarget).min(1),
  account: Text,
  account_alias: Text.optional(),
  region: Text,
  mode: z.enum(MODES),
  changes: z.array(z.strictObject({ field: Text, before: Text, after: Text })),
  snapshot: JsonRecord,
  risk: z.enum(RISKS),
  risk_reasons: z.array(Text),
  impact: z.strictObject({ downtime: Text, affected: z.array(Text), recovery: Text }),
  warnings: z.array(Text),
  policy_hash: Text,
  quorum: z.number().int().min(1),
  requester: Text,
  reason: Text.optional(),
  created_at: Text,
  expires_at: Text,
  nonce: Text,
});
export type Plan = z.output<typeof Plan>;

/** SHA-256 over the canonical plan. Shown in part on the card, compared in full before anything runs. */
export function planDigest(plan: Plan): string {
  return digest('chg.plan.v1', plan as Json);
}

/** The snapshot's own digest: two readings of the same world give the same. */
export function snapshotHash(snapshot: Json): string {
  return digest('chg.snapshot.v1', snapshot);
}

/** What the rules look at, from tags as AWS gives them. `environment` is the one this process serves, if any. */
export function guardTarget(target: Target, environment: string | undefined): GuardedTarget {
  const tagged = target.tags.Environment;
  return {
    arn: target.arn,
    service: target.arn.split(':')[2] ?? '',
    managed: target.tags.OpsAgentManaged === 'true',
    environmentMatches: environment === undefined || tagged === environment,
    production: isProduction(target.tags) || (environment !== undefined && isProduction({ Environment: environment })),
  };
}

/** The same judgement as the risk: whatever does not say what it is counts as production. */
function isProduction(tags: Readonly<Record<string, string>>): boolean {
  return environmentOf(tags).production;
}
