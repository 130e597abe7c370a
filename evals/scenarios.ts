import { conversations } from './conversations.ts';
import { investigations } from './investigations.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [...investigations, ...conversations];
