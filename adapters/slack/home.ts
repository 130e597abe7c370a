import type { types } from '@slack/bolt';
import type { Lobby } from '../../bot/channel.ts';
import type { Speaker } from '../../bot/turn.ts';
import { renderBlockKit } from '../../cards/blockkit/render.ts';
import type { View } from '../../cards/view.ts';
import { asOpsError } from '../../lib/errors.ts';
import { createKeep } from '../../lib/keep.ts';
import type { Log } from '../../lib/log.ts';
import { accountOf } from './ids.ts';
import type { SlackApi } from './web-api.ts';
import type { Workspace } from './workspaces.ts';

/** Slack's cap for a Home tab. */
const mostBlocks = 100;
const mostOpen = 500;

interface Parts {
  lobby: Lobby;
  api: SlackApi;
  log: Log;
  consoleUrl?: string;
}

/** The Home tab of each person. Never rejects: a tab that is not fresh is no reason to fail. */
export interface Home {
  open(by: Workspace, speaker: Speaker): Promise<void>;
  /** Shows it again to somebody who had it open; Slack does not say who closed it. */
  refresh(by: Workspace, speaker: Speaker): Promise<void>;
}

export function createHome({ lobby, api, log, consoleUrl }: Parts): Home {
  const opened = createKeep<true>(mostOpen);
  const publish = async ({ botToken }: Workspace, speaker: Speaker): Promise<void> => {
    try {
      const blocks = homeBlocks(await lobby.home(speaker), consoleUrl);
      const user_id = accountOf(speaker.userId)?.user;
      await api.call('views.publish', botToken, { user_id, view: { type: 'home', blocks } });
    } catch (thrown) {
      log.warn({ error: asOpsError(thrown).message }, 'a Home tab could not be shown');
    }
  };
  return {
    async open(by, speaker) {
      opened.set(speaker.userId, true);
      await publish(by, speaker);
    },
    async refresh(by, speaker) {
      if (opened.get(speaker.userId)) await publish(by, speaker);
    },
  };
}

/** Every view gets an equal share of the tab; what a card leaves out it says, and views that do not fit are counted. */
export function homeBlocks(views: readonly View[], consoleUrl: string | undefined): types.Block[] {
  const maxBlocks = Math.max(1, Math.floor(mostBlocks / Math.max(1, views.length)) - 1);
  const blocks: types.Block[] = [];
  for (const [index, view] of views.entries()) {
    const card = renderBlockKit(view, { charts: 'plain', consoleUrl, maxBlocks }).blocks;
    if (blocks.length + card.length + 2 > mostBlocks) return [...blocks, more(views.length - index)];
    blocks.push(...(index > 0 ? [{ type: 'divider' }] : []), ...card);
  }
  return blocks;
}

function more(count: number): types.ContextBlock {
  return {
    type: 'context',
    elements: [{ type: 'plain_text', text: `… and ${count} more that are not shown`, emoji: false }],
  };
}
