import type { Writable } from 'node:stream';
import { summaryLine } from '../../cards/summary.ts';
import { renderText } from '../../cards/text/render.ts';
import type { View } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';

/** A terminal or a pipe. */
export type Output = Writable & { isTTY?: boolean; columns?: number; hasColors?: () => boolean };

/** Where the width is not known: a pipe, or a terminal that says 0. */
const usualWidth = 100;
const longestLine = 1000;
const clearLine = '\r\u001b[2K';

/** What is on the output now: at most one line of progress or a prompt, and finished text above it. */
export interface Screen {
  readonly tty: boolean;
  /** Finished text. Takes the place of a progress line or prompt. */
  print(text: string): void;
  card(view: View): void;
  /** A card that changed after it was printed. */
  changed(view: View): void;
  /** Rewritten in place; a pipe never sees it. */
  progress(text: string): void;
  /** The prompt is on the current line, so the next output must wipe it. */
  prompted(): void;
  /** The person pressed Enter: the prompt is a line of its own now. */
  entered(): void;
}

/** `color`: may be used, when the output can show it too. */
export function createScreen(output: Output, color: boolean): Screen {
  const tty = output.isTTY === true;
  const colored = color && tty && (output.hasColors?.() ?? true);
  let unfinished = false;

  function print(text: string): void {
    output.write(`${unfinished ? clearLine : ''}${text}\n`);
    unfinished = false;
  }
  const width = () => output.columns || usualWidth;
  const rendered = (view: View) => renderText(view, { width: width(), color: colored });

  return {
    tty,
    print,
    card: (view) => print(`${rendered(view)}\n`),
    changed: (view) => print(`update: ${view.kind === 'approval' ? shortly(view) : rendered(view)}\n`),
    progress(text) {
      if (!tty) return;
      output.write(`${clearLine}${cleanText(text, width() - 1)}`);
      unfinished = true;
    },
    prompted() {
      unfinished = true;
    },
    entered() {
      unfinished = false;
    },
  };
}

/** A person saw the whole approval card already: its new state and what happened are enough. */
function shortly(view: Extract<View, { kind: 'approval' }>): string {
  return [summaryLine(view), ...view.outcome.map((line) => cleanText(line, longestLine))].join('\n  ');
}
