import { cleanText } from '../../lib/clean-text.ts';
import type { Cell, Status } from '../view.ts';
import { statusGlyph } from '../wording.ts';
import { noBreak } from './layout.ts';
import { momentsIn } from './moment.ts';
import { createPaint, type Paint } from './paint.ts';

export interface TextOptions {
  /** Columns of the terminal. */
  width: number;
  color: boolean;
  /** IANA zone of the reader; UTC when absent. */
  zone?: string;
}

export interface ShownCell {
  text: string;
  status?: Status;
}

/** What every part of a text card needs: the width, the paint, and one way to show data. */
export interface Sheet {
  readonly width: number;
  readonly paint: Paint;
  /** Data as one line without controls. */
  clean(text: string): string;
  moment(at: string): string;
  cell(cell: Cell): ShownCell;
}

const maxText = 2000;
const leastWidth = 24;

export function createSheet({ width, color, zone }: TextOptions): Sheet {
  const moment = momentsIn(zone);
  const clean = (text: string) => cleanText(text, maxText).trim() || '–';
  return {
    width: Math.max(leastWidth, width),
    paint: createPaint(color),
    clean,
    moment,
    cell(cell) {
      if (typeof cell === 'string') return { text: clean(cell) };
      if ('at' in cell) return { text: moment(cell.at) };
      return { text: `${statusGlyph[cell.status]}${noBreak}${clean(cell.text)}`, status: cell.status };
    },
  };
}
