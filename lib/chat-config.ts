import { z } from 'zod';

const Guid = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'use a GUID in lower case, as the Azure portal shows it');
const A_LIST = 'use ids with commas between them';
const list = (one: RegExp) =>
  z
    .string()
    .transform((text) => text.split(',').map((id) => id.trim()))
    .refine((ids) => ids.every((id) => one.test(id)), A_LIST);

/** The keys of the chat platforms. Which of them belong together is checked by `chatIssues`. */
export const chatKeys = {
  PUBLIC_URL: z
    .url({ protocol: /^https$/, error: 'use the https:// address at which your proxy or tunnel reaches OpsAgent' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'use the Bot User OAuth Token; it begins with xoxb-').optional(),
  /** While it is rotated two, with a comma between them. */
  SLACK_SIGNING_SECRET: z
    .string()
    .regex(
      /^\s*[^,\s]{16,}\s*(,\s*[^,\s]{16,}\s*)?$/,
      'use the Signing Secret of the app’s Basic Information page; two with a comma between them while it is rotated',
    )
    .optional(),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'use an App-Level Token; it begins with xapp-').optional(),
  SLACK_API_URL: z
    .string()
    .regex(
      /^(https:\/\/slack\.com|https:\/\/slack-gov\.com|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)\/api\/$/,
      'use https://slack.com/api/, or a test server on this machine',
    )
    .default('https://slack.com/api/'),
  SLACK_CLIENT_ID: z.string().min(1).optional(),
  SLACK_CLIENT_SECRET: z.string().min(16, 'use the Client Secret of the app’s Basic Information page').optional(),
  SLACK_WORKSPACES: list(/^[TE][A-Z0-9]{2,20}$/).optional(),
  MICROSOFT_APP_ID: Guid.optional(),
  MICROSOFT_APP_PASSWORD: z
    .string()
    .min(1)
    .refine((secret) => !Guid.safeParse(secret.toLowerCase()).success, 'this is the Secret ID; use the secret’s Value')
    .optional(),
  MICROSOFT_APP_TENANT_ID: Guid.optional(),
  MICROSOFT_APP_TYPE: z
    .enum(['SingleTenant', 'MultiTenant', 'UserAssignedMSI'], 'use SingleTenant, MultiTenant or UserAssignedMSI')
    .default('SingleTenant'),
  TEAMS_TENANTS: list(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/).optional(),
  LAMBDA_SINGLE_INSTANCE: z.stringbool('use true or false').default(false),
  TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK: z.stringbool('use true or false').default(false),
};

type Chat = z.output<z.ZodObject<typeof chatKeys>>;
interface Issue {
  key: keyof typeof chatKeys;
  message: string;
}

/** Keys that are missing beside others, or forbid each other: half a set-up is refused at start, not at the first message. */
export function chatIssues(chat: Chat, mode: string): Issue[] {
  return [...slackIssues(chat), ...teamsIssues(chat, mode)];
}

function slackIssues(chat: Chat): Issue[] {
  const oauth = chat.SLACK_CLIENT_ID !== undefined;
  const verified = chat.SLACK_SIGNING_SECRET ?? chat.SLACK_APP_TOKEN;
  const wanted: Issue[] = [];
  const want = (key: Issue['key'], message: string) => chat[key] === undefined && wanted.push({ key, message });
  if (chat.SLACK_BOT_TOKEN ?? chat.SLACK_CLIENT_ID) {
    if (!verified)
      want(
        'SLACK_SIGNING_SECRET',
        'set it, or SLACK_APP_TOKEN for Socket Mode; without either nobody could tell Slack from a stranger',
      );
  } else if (verified ?? chat.SLACK_CLIENT_SECRET ?? chat.SLACK_WORKSPACES) {
    want('SLACK_BOT_TOKEN', 'set it, or SLACK_CLIENT_ID to install in several workspaces');
  }
  if (oauth) {
    want('SLACK_CLIENT_SECRET', 'set it beside SLACK_CLIENT_ID');
    want('SLACK_SIGNING_SECRET', 'set it beside SLACK_CLIENT_ID');
    want('SLACK_WORKSPACES', 'name the workspaces that may install OpsAgent; without it any workspace could');
    want('PUBLIC_URL', 'set it, because Slack sends people back there after they install OpsAgent');
  }
  return wanted;
}

function teamsIssues(chat: Chat, mode: string): Issue[] {
  const wanted: Issue[] = [];
  const want = (key: Issue['key'], message: string) => chat[key] === undefined && wanted.push({ key, message });
  if (chat.TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK) {
    const key = 'TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK' as const;
    if (mode !== 'LOCAL_MOCK')
      wanted.push({ key, message: 'only LOCAL_MOCK may let Teams in without a check; take it away' });
    if (chat.MICROSOFT_APP_ID)
      wanted.push({
        key,
        message: 'take it away where MICROSOFT_APP_ID is set; with an app id every message is checked',
      });
    return wanted;
  }
  if (!chat.MICROSOFT_APP_ID) {
    if (chat.MICROSOFT_APP_PASSWORD ?? chat.MICROSOFT_APP_TENANT_ID ?? chat.TEAMS_TENANTS)
      want('MICROSOFT_APP_ID', 'set it; without it anybody could speak as anybody');
    return wanted;
  }
  if (chat.MICROSOFT_APP_TYPE !== 'UserAssignedMSI') want('MICROSOFT_APP_PASSWORD', 'set it beside MICROSOFT_APP_ID');
  if (chat.MICROSOFT_APP_TYPE !== 'MultiTenant') want('MICROSOFT_APP_TENANT_ID', 'set it beside MICROSOFT_APP_ID');
  else want('TEAMS_TENANTS', 'name the tenants that may use OpsAgent; without it any tenant could');
  return wanted;
}
