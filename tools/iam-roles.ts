import { type PolicyDocument, type Statement, tagCondition } from './aws/session-policy.ts';
import { isWriteAction, resourceOf, serviceOf, type WriteAction } from './aws/write-actions.ts';
import type { Tool } from './tool.ts';

/** Tags decide what may be changed, so whoever changes resources must not change tags. */
const TAG_EDITING = [
  'ec2:CreateTags',
  'ec2:DeleteTags',
  'ecs:TagResource',
  'ecs:UntagResource',
  'elasticloadbalancing:AddTags',
  'elasticloadbalancing:RemoveTags',
  'tag:TagResources',
  'tag:UntagResources',
];

/** Nothing that OpsAgent offers, now or later: rights, keys, and roles taken from roles. */
const NEVER = ['iam:*', 'kms:*', 'organizations:*', 'sts:AssumeRole*'];

/** Named by the manifests and by what an installation configures. */
export interface Roles {
  /** What the read role may assume, and whose account is changed; left out, nothing is assumed and the account stays open. */
  writeRoleArn: string | undefined;
  /** ENVIRONMENT. */
  environment: string | undefined;
}

/** The permissions of the role that the process runs with: what the tools read, and the way to the write role. */
export function readRole(catalog: readonly Tool[], { writeRoleArn }: Roles): PolicyDocument {
  const reads = actionsOf(catalog).filter((action) => !isWriteAction(action));
  const session: Statement[] =
    writeRoleArn === undefined
      ? []
      : [
          {
            Sid: 'AssumeWriteRole',
            Effect: 'Allow',
            Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
            Resource: writeRoleArn,
          },
        ];
  return document([
    // Most of these know no resource but all; the account, the Region and the tags are looked at in the tools.
    { Sid: 'Read', Effect: 'Allow', Action: reads, Resource: '*' },
    ...session,
    { Sid: 'NeverChange', Effect: 'Deny', Action: [...writesOf(catalog), ...TAG_EDITING], Resource: '*' },
  ]);
}

/** The permissions of the role that an approved change runs with: the tools' writes, on what is tagged. Its sessions may do less still. */
export function writeRole(
  catalog: readonly Tool[],
  { environment, writeRoleArn = 'arn:aws:iam::*:' }: Roles,
): PolicyDocument {
  const writes = writesOf(catalog);
  const [, partition, , , account] = writeRoleArn.split(':');
  const allowed = writes.map(
    (action): Statement => ({
      Sid: `Allow${sidOf(action)}`,
      Effect: 'Allow',
      Action: [action],
      Resource: `arn:${partition}:${serviceOf(action)}:*:${account}:${resourceOf(action)}/*`,
      Condition: { ...tagCondition(environment) },
    }),
  );
  const tags = tagCondition(environment).StringEquals;
  // Asked for twice: an Allow that somebody adds to the role later does not open what these close.
  const denied = Object.entries(tags).flatMap(([tag, value]): Statement[] => {
    const about = { Effect: 'Deny', Action: writes, Resource: '*' } as const;
    const name = tag.slice(tag.indexOf('/') + 1);
    return [
      { Sid: `DenyWithout${name}`, ...about, Condition: { Null: { [tag]: 'true' } } },
      { Sid: `DenyOther${name}`, ...about, Condition: { StringNotEquals: { [tag]: value } } },
    ];
  });
  return document([
    ...allowed,
    ...denied,
    { Sid: 'NeverTags', Effect: 'Deny', Action: TAG_EDITING, Resource: '*' },
    { Sid: 'NeverRights', Effect: 'Deny', Action: NEVER, Resource: '*' },
  ]);
}

const document = (Statement: readonly Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });

function actionsOf(catalog: readonly Tool[]): string[] {
  return [...new Set(catalog.flatMap(({ iam }) => iam))].sort();
}

function writesOf(catalog: readonly Tool[]): WriteAction[] {
  return actionsOf(catalog).filter(isWriteAction);
}

/** 'Ec2RebootInstances': a statement's id takes letters and digits only. */
function sidOf(action: WriteAction): string {
  const [service = '', operation = ''] = action.split(':');
  return `${service.charAt(0).toUpperCase()}${service.slice(1)}${operation}`;
}
