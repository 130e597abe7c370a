import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { CommandsOf } from './commands.ts';

export const Client = CloudTrailClient;
export const commands: CommandsOf<'cloudtrail'> = {
  lookupEvents: LookupEventsCommand,
};
