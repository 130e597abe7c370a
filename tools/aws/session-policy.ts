import { OpsError } from '../../lib/errors.ts';
import type { Grant } from './aws.ts';
import { isWriteAction, resourceOf, serviceOf, type WriteAction } from './write-actions.ts';

/** AWS takes so many characters of a session policy. */
export const MOST_POLICY_CHARACTERS = 2048;

/** What the role itself is bound to as well: the tag is asked for where the call arrives, whatever was read before (G1). */
export interface TagCondition {
  StringEquals: Readonly<Record<string, string>>;
}

export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action: readonly string[];
  Resource: string | readonly string[];
  Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: readonly Statement[];
}

/** The tags a resource must have to be changed; with `environment` the `Environment` tag must say exactly that. */
export function tagCondition(environment: string | undefined): TagCondition {
  return {
    StringEquals: {
      'aws:ResourceTag/OpsAgentManaged': 'true',
      ...(environment !== undefined && { 'aws:ResourceTag/Environment': literal(environment) }),
    },
  };
}

/**
 * The policy of the session of one change: the tool's writes, on the planned resources, while they are tagged. Reads are
 * not in it: they run with the process's own credentials.
 *
 * @throws OpsError `write_without_permit` for a target that is no plain ARN of a resource the tool writes to, for nothing to
 *   grant, and for more targets than a policy holds; nothing was sent
 */
export function sessionPolicy({ actions, targets, environment }: Grant): string {
  const writes = actions.filter(isWriteAction).toSorted();
  const foreign = targets.find((arn) => !writes.some((action) => isTarget(action, arn)));
  if (foreign !== undefined) throw refused(`${JSON.stringify(foreign.slice(0, 120))} is nothing it may change`);
  const statements = writes.flatMap((action): Statement[] => {
    const Resource = targets.filter((arn) => isTarget(action, arn));
    if (Resource.length === 0) return [];
    return [{ Effect: 'Allow', Action: [action], Resource, Condition: { ...tagCondition(environment) } }];
  });
  if (statements.length === 0) throw refused('it names no resource');
  const document: PolicyDocument = { Version: '2012-10-17', Statement: statements };
  const text = inAscii(JSON.stringify(document));
  if (text.length > MOST_POLICY_CHARACTERS) throw refused(`${targets.length} targets are more than one session holds`);
  return text;
}

/** One resource, by letters that mean themselves in a policy: `*`, `?` and `$` stand for something else there. */
function isTarget(action: WriteAction, arn: string): boolean {
  const [, , service, , , resource = ''] = arn.split(':');
  if (!/^arn:aws[a-z-]{0,12}:[a-z0-9-]+:[a-z0-9-]+:\d{12}:[\w-]+(\/[\w-]{1,255}){1,2}$/.test(arn)) return false;
  return service === serviceOf(action) && resource.startsWith(`${resourceOf(action)}/`);
}

/** A `$` begins a policy variable unless it is written as one. */
function literal(value: string): string {
  return value.replaceAll('$', '${$}');
}

/** AWS takes Latin-1 only; JSON can say the rest. */
function inAscii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function refused(why: string): OpsError {
  return new OpsError('write_without_permit', `The session of the change was not asked for: ${why}.`, {
    hint: 'Nothing was sent. This is a fault in OpsAgent; quote the correlation id.',
    facts: { operation: 'sts:AssumeRole', sent: 'no' },
  });
}
