import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { CommandsOf } from './commands.ts';

export const Client = STSClient;
/** `assumeRole` opens the session of a change (`write-session.ts`); it is no operation of a tool. */
export const commands: CommandsOf<'sts'> & Record<'assumeRole', typeof AssumeRoleCommand> = {
  getCallerIdentity: GetCallerIdentityCommand,
  assumeRole: AssumeRoleCommand,
};
