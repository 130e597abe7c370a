import { type Clip as CardClip, createClip as createCardClip, type Level } from '../clip.ts';
import { plain } from './escape.ts';
import { type CardHost, type CardWidth, cardWidths } from './limits.ts';

export interface Clip extends CardClip {
  readonly level: Level;
  /** Characters that stand beside each other. */
  readonly width: number;
  readonly host: CardHost;
  /** A free text as its lines, empty ones dropped. */
  lines(value: string): string[];
}

export function createClip(level: Level, width: CardWidth = 'chat', host: CardHost = 'web'): Clip {
  const clip = createCardClip(level, plain);
  return { ...clip, level, width: cardWidths[width], host, lines: (value) => bodyLines(value, level, clip) };
}

function bodyLines(value: string, level: Level, { text, list }: CardClip): string[] {
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
