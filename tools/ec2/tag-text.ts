import { cleanText } from '../../lib/clean-text.ts';

const MOST_TAGS = 12;
const LONGEST = 100;

/** 'Name=web-1, Team=shop': the first twelve tags by key, long ones cut, for people to read; never for decisions. */
export function tagText(tags: Readonly<Record<string, string>>): string {
  const all = Object.entries(tags).sort(([a], [b]) => a.localeCompare(b));
  if (all.length === 0) return 'none';
  const shown = all.slice(0, MOST_TAGS).map(([key, value]) => cleanText(`${key}=${value}`, LONGEST));
  const more = all.length - shown.length;
  return shown.join(', ') + (more > 0 ? `, and ${more} more` : '');
}
