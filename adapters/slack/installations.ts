import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { OpsError } from '../../lib/errors.ts';
import { type Kind, put, remove, type Store, update } from '../../store/store.ts';
import { SlackId } from './ids.ts';
import type { Workspace, Workspaces } from './workspaces.ts';

const Installation = z.strictObject({
  org: SlackId,
  bot_token: z.string(),
  bot_user_id: SlackId,
  bot_id: SlackId.optional(),
  team_id: SlackId.optional(),
  enterprise_id: SlackId.optional(),
  /** Slack user id of whoever installed it. */
  installed_by: SlackId,
  /** ISO 8601, UTC. */
  installed_at: z.string(),
});
type Installation = z.output<typeof Installation>;

/** The token lies in the store as it is: who can read the store's file can speak as OpsAgent there. */
export const installationKind: Kind<Installation> = { name: 'slack_installation', schema: Installation, indexes: {} };

export interface Installations extends Workspaces {
  /** Whether OpsAgent may be used there at all. */
  allows(org: string): boolean;
  /** Takes the place of what was installed there before. */
  keep(workspace: Workspace, installedBy: string): Promise<void>;
}

const mostTries = 5;

/** The organisations that installed the app, of those that may. The list is looked at for each delivery, not only then. */
export function createInstallations(store: Store, clock: Clock, allowed: readonly string[]): Installations {
  const allows = (org: string): boolean => allowed.includes(org);
  return {
    allows,
    async start() {},
    async of(org) {
      if (!allows(org)) return undefined;
      const row = await store.get(installationKind, org);
      return row && workspaceOf(row.value);
    },
    async keep(workspace, installedBy) {
      const value = rowOf(workspace, installedBy, new Date(clock.now()).toISOString());
      for (let tries = 0; tries < mostTries; tries++) {
        const row = await store.get(installationKind, workspace.key);
        const write = row ? update(installationKind, row, value) : put(installationKind, workspace.key, value);
        if ((await store.transact([write])).committed) return;
      }
      throw new OpsError('store_unavailable', 'The installation kept changing while it was stored.', {
        hint: 'Install the app again.',
        retryable: true,
      });
    },
    async forget(org) {
      const row = await store.get(installationKind, org);
      if (row) await store.transact([remove(installationKind, row)]);
    },
  };
}

function workspaceOf({ org, bot_token, bot_user_id, bot_id, team_id, enterprise_id }: Installation): Workspace {
  return {
    key: org,
    botToken: bot_token,
    botUserId: bot_user_id,
    botId: bot_id,
    teamId: team_id,
    enterpriseId: enterprise_id,
  };
}

function rowOf(
  { key, botToken, botUserId, botId, teamId, enterpriseId }: Workspace,
  installedBy: string,
  at: string,
): Installation {
  return {
    org: key,
    bot_token: botToken,
    bot_user_id: botUserId,
    bot_id: botId,
    team_id: teamId,
    enterprise_id: enterpriseId,
    installed_by: installedBy,
    installed_at: at,
  };
}
