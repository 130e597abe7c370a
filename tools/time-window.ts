import { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import { OpsError } from '../lib/errors.ts';
import { readWindow, tokensOf, type WindowExpression } from './time-window-words.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const SHORTEST = MINUTE;
const LONGEST = 90 * DAY;

const EXAMPLES = '15m, 1h, 24h, 7d, "last 30 minutes", "since 09:00" (UTC), "yesterday"';

/** `from` included, `to` excluded, both epoch ms. `label` reads well after 'CPU, ': 'last 15 minutes'. */
export interface Window {
  from: number;
  to: number;
  label: string;
}

export type ParsedWindow = { kind: 'window'; window: Window } | { kind: 'problem'; message: string };

/**
 * Reads the one way OpsAgent writes spans of time (T10). Clock times and days are UTC.
 * Between 1 minute and 90 days; nothing in the future. Linear in the text's length; never throws.
 */
export function parseTimeWindow(text: string, now: number): ParsedWindow {
  const expression = wholeExpression(text);
  if (expression === undefined) return problem(`not a time window; it reads ${EXAMPLES}`);
  const window = resolve(expression, now);
  if (window.from > now) return problem(`a time window lies in the past; it reads ${EXAMPLES}`);
  const span = window.to - window.from;
  if (span < SHORTEST) return problem(`a time window is at least 1 minute; it reads ${EXAMPLES}`);
  if (span > LONGEST || now - window.from > LONGEST + DAY) {
    return problem(`a time window reaches back at most 90 days; it reads ${EXAMPLES}`);
  }
  return { kind: 'window', window };
}

/** @throws OpsError `input_invalid` with what would be right */
export function windowOf(text: string, clock: Clock): Window {
  const parsed = parseTimeWindow(text, clock.now());
  if (parsed.kind === 'window') return parsed.window;
  throw new OpsError('input_invalid', `time_window: ${parsed.message}`, {
    hint: 'Say it again with one of these time windows.',
    facts: { field: 'time_window' },
  });
}

/**
 * The first window expression inside a sentence, for the phrase matcher. `text` is what `parseTimeWindow` reads;
 * `start`–`end` are its bounds in the sentence, words that lead in ('in the', 'over the') included.
 */
export function findTimeWindow(sentence: string): { text: string; start: number; end: number } | undefined {
  const tokens = tokensOf(sentence);
  for (let first = 0; first < tokens.length; first++) {
    const found = readWindow(tokens, first);
    const [opening, closing] = [tokens[first], found && tokens[found.next - 1]];
    if (found === undefined || opening === undefined || closing === undefined) continue;
    return { text: found.text, start: opening.start, end: closing.end };
  }
  return undefined;
}

export const TimeWindow = z
  .string()
  .max(100, 'at most 100 characters')
  .refine((text) => wholeExpression(text) !== undefined, `not a time window; it reads ${EXAMPLES}`)
  .default('15m')
  .describe('How far back: 15m, 1h, 7d, "last 30 minutes", "since 09:00" (UTC), "yesterday"; 1 minute to 90 days')
  .meta({ param: 'time_window' });

function wholeExpression(text: string): WindowExpression | undefined {
  const tokens = tokensOf(text);
  const found = readWindow(tokens, 0);
  return found?.next === tokens.length ? found.expression : undefined;
}

function problem(message: string): ParsedWindow {
  return { kind: 'problem', message };
}

function resolve(expression: WindowExpression, now: number): Window {
  const midnight = now - (now % DAY);
  switch (expression.kind) {
    case 'last':
      return { from: now - expression.ms, to: now, label: `last ${expression.label}` };
    case 'today':
      return { from: midnight, to: now, label: 'today since 00:00 UTC' };
    case 'yesterday':
      return { from: midnight - DAY, to: midnight, label: 'yesterday (UTC)' };
    case 'since-yesterday':
      return { from: midnight - DAY, to: now, label: 'since yesterday 00:00 UTC' };
    case 'since-clock': {
      const today = midnight + expression.minutes * MINUTE;
      const from = today < now ? today : today - DAY;
      return { from, to: now, label: `since ${from === today ? '' : 'yesterday '}${expression.label} UTC` };
    }
    case 'between':
      return { from: expression.from, to: Math.min(expression.to, now), label: expression.label };
  }
}
