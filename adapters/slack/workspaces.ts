import type { Secret } from '../../lib/secret.ts';

/** Who speaks for the app in one organisation. `key` is the Enterprise Grid organisation where all of it installed the app, else the workspace. */
export interface Workspace {
  key: string;
  botToken: string;
  botUserId: string;
  botId?: string;
  teamId?: string;
  enterpriseId?: string;
}

/** The organisations the app is installed in; any other is refused. */
export interface Workspaces {
  /** @throws OpsError `config_invalid` when Slack does not take the token, or the workspace may not use OpsAgent */
  start(): Promise<void>;
  /** @throws OpsError `delivery_failed`, `store_unavailable`: not known at the moment */
  of(org: string): Promise<Workspace | undefined>;
  /** The app was taken away there. */
  forget(org: string): Promise<void>;
}

/** How to become one of them. */
export type Tokens =
  /** One workspace, by the Bot User OAuth Token of its app. */
  | { kind: 'bot-token'; botToken: Secret; workspaces?: readonly string[] }
  /** Each workspace installs the app itself at `<publicUrl>/slack/install`; `workspaces` are the only ones that may. */
  | { kind: 'oauth'; clientId: string; clientSecret: string; publicUrl: string; workspaces: readonly string[] };

/** Whether the person is of the organisation itself. Of a whole organisation only Slack knows; then the profile tells. */
export function isForeign({ key, teamId, enterpriseId }: Workspace, userTeam: string | undefined): boolean {
  if (userTeam === undefined || key === enterpriseId) return false;
  return ![key, teamId, enterpriseId].includes(userTeam);
}
