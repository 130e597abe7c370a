import { z } from 'zod';
import type { Profile } from '../../bot/channel.ts';
import { OpsError } from '../../lib/errors.ts';
import { slackCode } from './errors.ts';
import { accountOf } from './ids.ts';
import type { SlackApi } from './web-api.ts';
import type { Workspace, Workspaces } from './workspaces.ts';

const Flag = z.boolean().nullish();
const Text = z.string().nullish();

/** https://docs.slack.dev/reference/objects/user-object */
const UserInfo = z.object({
  user: z.object({
    id: z.string(),
    team_id: Text,
    deleted: Flag,
    is_bot: Flag,
    is_stranger: Flag,
    is_restricted: Flag,
    is_ultra_restricted: Flag,
    is_email_confirmed: Flag,
    enterprise_user: z.object({ enterprise_id: Text, teams: z.array(z.string()).nullish() }).nullish(),
    profile: z.object({ email: Text }).nullish(),
  }),
});
const INVISIBLE = new Set(['user_not_found', 'user_not_visible']);
type User = z.output<typeof UserInfo>['user'];

/**
 * What Slack says of an account now. Names are never looked at: anybody can take anybody's. Where several organisations may
 * use OpsAgent, only the e-mails of `home` say who somebody is: the administrators of the others write what they like.
 */
export async function readProfile(
  userId: string,
  workspaces: Workspaces,
  api: SlackApi,
  home?: string,
): Promise<Profile> {
  const account = accountOf(userId);
  const by = account && (await workspaces.of(account.org));
  if (!account || !by) return { standing: 'stranger' };
  const user = await userInfo(account.user, by, api);
  if (user?.id !== account.user) return { standing: 'stranger' };
  const standing = standingOf(user, by);
  // Left out by Slack where an administrator made the account; anybody may claim an address that was never confirmed.
  const isKnown = user.is_email_confirmed !== false && (home === undefined || by.key === home);
  const email = isKnown ? (user.profile?.email ?? undefined) : undefined;
  return { standing, email };
}

function standingOf(user: User, by: Workspace): Profile['standing'] {
  if (user.deleted) return 'gone';
  if (user.is_bot || user.id === 'USLACKBOT') return 'bot';
  if (user.is_stranger || !isOurs(user, by)) return 'stranger';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}

function isOurs({ team_id, enterprise_user }: User, { key, teamId, enterpriseId }: Workspace): boolean {
  if (enterpriseId !== undefined && key === enterpriseId) {
    return enterprise_user?.enterprise_id === enterpriseId || team_id === enterpriseId;
  }
  const isInGrid = enterpriseId !== undefined && enterprise_user?.enterprise_id === enterpriseId;
  return team_id === key || (isInGrid && teamId !== undefined && (enterprise_user?.teams?.includes(teamId) ?? false));
}

/** `undefined`: nobody the app can see. */
async function userInfo(user: string, { botToken }: Workspace, api: SlackApi): Promise<User | undefined> {
  try {
    return UserInfo.parse(await api.call('users.info', botToken, { user })).user;
  } catch (cause) {
    if (INVISIBLE.has(slackCode(cause) ?? '')) return undefined;
    throw new OpsError('delivery_failed', 'Slack does not say who is speaking.', {
      hint: 'Nothing was done. Say it again in a minute.',
      retryable: true,
      cause,
    });
  }
}
