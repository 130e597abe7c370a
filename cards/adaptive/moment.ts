import { epochMs } from '../instant.ts';
import { escapeMarkdown, plain } from './escape.ts';

/** Macros that the host turns into date and time in the reader's own zone, which is said: no macro names it. What is no moment stays text, disarmed. */
export function moment(at: string): string {
  const ms = epochMs(at);
  if (ms === undefined) return escapeMarkdown(plain(at, 40));
  const second = `${new Date(ms).toISOString().slice(0, 19)}Z`;
  return `{{DATE(${second},SHORT)}} {{TIME(${second})}} (your time)`;
}
