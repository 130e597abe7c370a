import { escapeMarkdown, plain } from './escape.ts';

const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Macros that the host turns into date and time in the reader's own zone, which is said: no macro names it. What is no moment stays text, disarmed. */
export function moment(at: string): string {
  const ms = dateTime.test(at) ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(ms)) return escapeMarkdown(plain(at, 40));
  const second = `${new Date(ms).toISOString().slice(0, 19)}Z`;
  return `{{DATE(${second},SHORT)}} {{TIME(${second})}} (your time)`;
}
