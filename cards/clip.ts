/** How much of the data is shown. A card that is too big is made again at the next tighter level, and says what is left out. */
export interface Level {
  rows: number;
  columns: number;
  /** Characters of a field, cell or line. */
  text: number;
  /** Characters of a free text body. */
  body: number;
  charts: number;
}

/** Cleans and caps the data of one card, and remembers what had to be left out so that the card can say so. */
export interface Clip {
  text(value: string, most?: number): string;
  /** The first items that fit; `what` names one of them in the plural: 'rows'. */
  list<T>(items: readonly T[], what: string, most?: number): T[];
  leave(statement: string): void;
  /** One sentence each. */
  omitted(): string[];
}

export const shortened = 'Long texts are shortened where … stands.';

const maxOmitted = 10;

/** `clean` makes data safe for one dialect, at most as long as it is told, with `…` at the end of what was cut. */
export function createClip(
  most: Pick<Level, 'text' | 'rows'>,
  clean: (text: string, maxLength: number) => string,
): Clip {
  /** Sentences, or how many are left out of what is counted; in the order they came up. */
  const left = new Map<string, number | undefined>();
  return {
    text(value, longest = most.text) {
      const shown = clean(value, longest);
      if (shown.length >= longest && shown.endsWith('…')) left.set(shortened, undefined);
      // No dialect takes an empty text.
      return shown.trim() === '' ? '–' : shown;
    },
    list(items, what, longest = most.rows) {
      const more = items.length - longest;
      if (more > 0) left.set(what, (left.get(what) ?? 0) + more);
      return items.slice(0, longest);
    },
    leave: (statement) => left.set(statement, undefined),
    omitted: () =>
      [...left]
        .slice(0, maxOmitted)
        .map(([what, count]) => (count === undefined ? what : `${count} more ${what} not shown.`)),
  };
}
