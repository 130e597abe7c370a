import { plain } from './escape.ts';
import { type CardWidth, cardWidths, type Level } from './limits.ts';

/** Cleans and caps the data of one card, and remembers what had to be left out so that the card can say so. */
export interface Clip {
  readonly level: Level;
  /** Characters that stand beside each other. */
  readonly width: number;
  text(value: string, most?: number): string;
  /** A free text as its lines, empty ones dropped. */
  lines(value: string): string[];
  /** The first items that fit; `what` names one of them in the plural: 'rows'. */
  list<T>(items: readonly T[], what: string, most?: number): T[];
  leave(statement: string): void;
  /** One sentence each. */
  omitted(): string[];
}

const maxOmitted = 6;

export function createClip(level: Level, width: CardWidth = 'chat'): Clip {
  const statements = new Set<string>();
  const shortened = 'Long texts are shortened where … stands.';

  const text = (value: string, most = level.text): string => {
    const shown = plain(value, most);
    if (shown.length >= most && shown.endsWith('…')) statements.add(shortened);
    // A template takes an empty value for a missing one.
    return shown.trim() === '' ? '–' : shown;
  };

  const list = <T>(items: readonly T[], what: string, most = level.rows): T[] => {
    const left = items.length - most;
    if (left > 0) statements.add(`${left} more ${what} not shown.`);
    return items.slice(0, most);
  };

  return {
    level,
    width: cardWidths[width],
    text,
    list,
    lines: (value) => bodyLines(value, level, text, list),
    leave: (statement) => statements.add(statement),
    omitted: () => [...statements].slice(0, maxOmitted),
  };
}

function bodyLines(value: string, level: Level, text: Clip['text'], list: Clip['list']): string[] {
  const head = value.slice(0, level.body * 4);
  const lines = head.split(/\r\n|[\n\r\u2028\u2029]/).filter((line) => line.trim() !== '');
  let room = level.body;
  const shown: string[] = [];
  for (const line of list(lines, 'lines')) {
    if (room <= 0) break;
    const cut = text(line, room);
    shown.push(cut);
    room -= cut.length;
  }
  return room <= 0 && shown.length < lines.length ? [...shown, text('…', 1)] : shown;
}
