import { GetAccessKeyLastUsedCommand, IAMClient, ListAccessKeysCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import type { CommandsOf } from './commands.ts';

export const Client = IAMClient;
export const commands: CommandsOf<'iam'> = {
  listUsers: ListUsersCommand,
  listAccessKeys: ListAccessKeysCommand,
  getAccessKeyLastUsed: GetAccessKeyLastUsedCommand,
};
