import type { Status } from '../view.ts';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const codes: Record<Style, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

const statusStyle = {
  good: 'green',
  warning: 'yellow',
  bad: 'red',
  waiting: 'cyan',
  neutral: undefined,
} as const satisfies Record<Status, Style | undefined>;

/** Colours text that has its final length already, so that codes never move a column. */
export interface Paint {
  (style: Style, text: string): string;
  status(status: Status | undefined, text: string): string;
}

export function createPaint(color: boolean): Paint {
  const paint = (style: Style, text: string) => (color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
  const status = (of: Status | undefined, text: string) => {
    const style = of ? statusStyle[of] : undefined;
    return style ? paint(style, text) : text;
  };
  return Object.assign(paint, { status });
}
