import type { MenuReason } from '../bot/understand/understanding.ts';
import type { JsonObject } from '../lib/json.ts';

/** What a sentence must come to. `quiet`: an ask or a menu, whichever; nothing is called. */
export type Expected =
  | { tool: string; input: JsonObject }
  | { ask: string }
  | { menu: MenuReason }
  | { decide: 'approve' | 'reject' | 'cancel' }
  | { help: string | null }
  | { approvals: true }
  | { usage: true }
  | { quiet: true };

export interface Sentence {
  text: string;
  category: string;
  expected: Expected;
}

type Row = readonly [text: string, expected: JsonObject];

/** Sentences that must call one tool; each row is the text and the exact input. */
export function calls(category: string, tool: string, rows: readonly Row[]): Sentence[] {
  return rows.map(([text, input]) => ({ text, category, expected: { tool, input } }));
}

/** Sentences that share one end. */
export function ends(category: string, expected: Expected, texts: readonly string[]): Sentence[] {
  return texts.map((text) => ({ text, category, expected }));
}

/** Instances and ARNs the sentences speak of. */
export const WEB = 'i-0bad5eed2c0ffee02';
export const DB = 'i-0a1b2c3d4e5f60718';
export const OLD = 'i-0a1b2c3d';
export const ALB = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';
export const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-tg/73e2d6bc24d8a067';
export const TOKEN = 'approve-Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF';
