import type { Level } from '../clip.ts';

/** Characters beside each other: in a chat on a phone, or on a page that can scroll a table sideways. */
export const cardWidths = { chat: 48, page: 100 } as const;
export type CardWidth = keyof typeof cardWidths;

/** Who draws the card: our own pages show SVG pictures, Teams has chart elements of its own and shows no pictures in data URIs. */
export type CardHost = 'web' | 'teams';

/** Most bytes of card JSON (UTF-8). Twice that in UTF-16 still passes every Teams path. */
export const cardBytes = 24 * 1024;

/** Buttons Teams shows before it starts to hide them. */
export const maxActions = 6;

const loosest: Level = { rows: 100, columns: 8, text: 600, body: 8000, charts: 4 };

/** So tight that any card fits. */
export const tightest: Level = { rows: 2, columns: 8, text: 24, body: 200, charts: 0 };

/** From loose to tight. */
export const levels: readonly Level[] = Array.from({ length: 12 }, (_, step) => levelAt(0.75 ** step));

function levelAt(share: number): Level {
  const shrunk = (key: keyof Level): number => Math.max(tightest[key], Math.floor(loosest[key] * share));
  return {
    rows: shrunk('rows'),
    columns: loosest.columns,
    text: shrunk('text'),
    body: shrunk('body'),
    charts: shrunk('charts'),
  };
}
