import type { RichTextElement } from '@slack/types';
import { utc } from '../../lib/utc.ts';
import { epochMs } from '../instant.ts';
import { plain } from './plain.ts';
import { rich } from './rich.ts';

/** Slack writes it in the reader's own zone and language. */
const format = '{date_short_pretty} {time}';
export const yourTime = '(your time)';

/** A moment among text; no format names the zone, so it is said. What is no moment stays text. */
export function moment(at: string): RichTextElement {
  return dated(at, `${format} ${yourTime}`);
}

/** For a column whose name says the zone. */
export function bareMoment(at: string): RichTextElement {
  return dated(at, format);
}

/** The same where no rich text is taken: markup, all of it ours. */
export function momentMarkup(at: string): string | undefined {
  const timestamp = seconds(at);
  return timestamp === undefined ? undefined : `<!date^${timestamp}^${format} ${yourTime}|${utc(at)}>`;
}

function dated(at: string, shown: string): RichTextElement {
  const timestamp = seconds(at);
  if (timestamp === undefined) return rich.text(plain(at, 40) || '–');
  return { type: 'date', timestamp, format: shown, fallback: utc(at) };
}

function seconds(at: string): number | undefined {
  const ms = epochMs(at);
  return ms === undefined || ms < 0 ? undefined : Math.floor(ms / 1000);
}
