import type { OPERATIONS, Service } from './apis.ts';

type Prefix<S extends Service> = S extends 'elbv2' ? 'elasticloadbalancing' : S;

/** The IAM names of all operations that change AWS: 'ec2:RebootInstances'. */
export type WriteAction = {
  [S in Service]: {
    [O in keyof (typeof OPERATIONS)[S]]: (typeof OPERATIONS)[S][O] extends 'write'
      ? `${Prefix<S>}:${Capitalize<O & string>}`
      : never;
  }[keyof (typeof OPERATIONS)[S]];
}[Service];

/** What each write acts on, as the ARN of one such resource begins after its account; a new write does not compile without a line here. */
const RESOURCES: Readonly<Record<WriteAction, string>> = {
  'ec2:RebootInstances': 'instance',
  'ecs:UpdateService': 'service',
};

export const writeActions = Object.keys(RESOURCES) as readonly WriteAction[];

export function isWriteAction(action: string): action is WriteAction {
  return Object.hasOwn(RESOURCES, action);
}

/** 'instance' of `arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc`. */
export function resourceOf(action: WriteAction): string {
  return RESOURCES[action];
}

/** 'ec2' of 'ec2:RebootInstances': the same word as in the ARNs. */
export function serviceOf(action: WriteAction): string {
  return action.slice(0, action.indexOf(':'));
}
