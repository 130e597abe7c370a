import { asOpsError } from '../../lib/errors.ts';
import type { Aws } from '../aws/aws.ts';
import { readTargetGroups, readTargetHealth } from '../elbv2/target-groups.ts';

const MOST_GROUPS = 20;

/** What stands behind an instance. `warning` says why the list may be short. */
export interface Served {
  affected: string[];
  warning?: string;
}

/**
 * The target groups an instance is registered in, with how many other healthy targets each has.
 * Looks at 20 groups at most. A read that is denied, or may succeed later,
 * is a warning on the card, not the end of the plan: a throttled list must not stand between a sick instance and its reboot.
 */
export async function readServed(aws: Aws, instanceId: string): Promise<Served> {
  try {
    const { items, more } = await readTargetGroups(aws, {});
    const looked = items.slice(0, MOST_GROUPS);
    const affected = await Promise.all(looked.map((group) => servedBy(aws, instanceId, group)));
    const partial = more || items.length > MOST_GROUPS;
    return {
      affected: affected.flat(),
      warning: partial
        ? `Only the first ${MOST_GROUPS} target groups were looked at for affected services.`
        : undefined,
    };
  } catch (thrown) {
    const error = asOpsError(thrown);
    if (error.code !== 'aws_access_denied' && !error.retryable) throw error;
    const why = error.code === 'aws_access_denied' ? 'may not be read here' : `could not be read now (${error.code})`;
    return {
      affected: ['not known: target groups could not be read'],
      warning: `Target groups ${why}, so affected services are not known.`,
    };
  }
}

async function servedBy(aws: Aws, instanceId: string, { arn, name }: { arn: string; name: string }): Promise<string[]> {
  const targets = await readTargetHealth(aws, arn);
  if (!targets.some(({ id }) => id === instanceId)) return [];
  const others = targets.filter(({ id, state }) => id !== instanceId && state === 'healthy').length;
  return [
    `target group ${name}: ${others === 0 ? 'no other healthy target' : `${others} other healthy target${others === 1 ? '' : 's'}`}`,
  ];
}
