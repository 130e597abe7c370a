import { type Clip, createClip, type Level, shortened } from '../clip.ts';
import { plain } from './plain.ts';
import { type Line, pieces } from './rich.ts';

/** What every part of a card needs: how much of the data is shown, and what this place can draw. */
export interface Page extends Clip {
  readonly level: Level;
  /** Tables and charts as blocks of their own; otherwise as text. */
  readonly native: boolean;
  /** True once: a message takes one table. */
  takeTable(): boolean;
  /** A free text with its line breaks; nothing when it is empty. */
  body(value: string): Line[];
}

export function createPage(level: Level, native: boolean): Page {
  const clip = createClip(level, plain);
  let tableIsFree = native;
  return {
    ...clip,
    level,
    native,
    takeTable() {
      const free = tableIsFree;
      tableIsFree = false;
      return free;
    },
    body(value) {
      const shown = plain(value.trim(), level.body, true);
      if (shown.length >= level.body && shown.endsWith('…')) clip.leave(shortened);
      const lines = shown.replace(/\n\s*\n/g, '\n\n').trim();
      return lines === '' ? [] : [pieces(clip.list(lines.split('\n'), 'lines').join('\n'))];
    },
  };
}
