import type { Block } from '@slack/types';
import type { Level } from '../clip.ts';
import { summaryLine } from '../summary.ts';
import type { View } from '../view.ts';
import { actionBlocks } from './actions.ts';
import { footBlocks, headBlocks } from './frame.ts';
import { kindBlocks } from './kinds.ts';
import { levels, limits, tightest } from './limits.ts';
import { createPage } from './page.ts';
import { unformatted } from './plain.ts';
import { tableTextOf, weightOf } from './weight.ts';

export interface SlackCard {
  /** The card in one line, for notifications and clients that show no blocks. */
  text: string;
  blocks: Block[];
}

export interface BlockKitOptions {
  /**
   * 'native': charts and tables as blocks of their own. 'plain': as text, for workspaces that answer `invalid_blocks`,
   * and for the Home tab.
   */
  charts: 'native' | 'plain';
  /** Where the whole can be read when a card had to leave something out: 'https://ops.example.com'. */
  consoleUrl?: string;
  /** Most blocks: 50 in a message, 100 on the Home tab. No card needs more than 25 once it leaves things out. */
  maxBlocks?: number;
}

/**
 * The view as Slack blocks within every limit. Data never becomes markup, a mention, a link or an emoji. What does not
 * fit is named on the card. The approval token is never in it.
 */
export function renderBlockKit(view: View, options: BlockKitOptions): SlackCard {
  const text = unformatted(summaryLine(view)).trim() || 'OpsAgent';
  for (const level of levels) {
    const blocks = blocksAt(level, view, options);
    if (fits(text, blocks, options)) return { text, blocks };
  }
  return { text, blocks: blocksAt(tightest, view, options) };
}

function blocksAt(level: Level, view: View, { charts, consoleUrl }: BlockKitOptions): Block[] {
  const page = createPage(level, charts === 'native');
  const head = headBlocks(view, page);
  const content = kindBlocks(view, page);
  const actions = actionBlocks(view, page);
  return [...head, ...content, ...footBlocks(view, page, consoleUrl), ...actions];
}

function fits(text: string, blocks: Block[], { maxBlocks = limits.messageBlocks }: BlockKitOptions): boolean {
  return (
    blocks.length <= maxBlocks && weightOf(text, blocks) <= limits.totalText && tableTextOf(blocks) <= limits.tableText
  );
}
