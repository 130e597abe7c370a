import type { Mode } from '../cards/view.ts';
import type { BotParts } from './bot-parts.ts';
import type { Prices } from './llm/prices.ts';
import type { LoopParts } from './llm/task.ts';

/** What the model's part in a turn works with. */
export interface AssistantParts
  extends LoopParts,
    Pick<BotParts, 'store' | 'log' | 'audit' | 'desk' | 'telemetry' | 'settings' | 'catalog'> {
  prices: Prices;
  mode: Mode;
  consoleUrl?: string;
}
