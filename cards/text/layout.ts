/** Stands for a space inside a part that stays in one piece; a plain space in the finished text. */
export const noBreak = '\u00a0';

/** Characters a terminal gives one cell each; text here is already free of controls and marks that take none. */
export function lengthOf(text: string): number {
  return /[\ud800-\udfff]/.test(text) ? [...text].length : text.length;
}

/** Exactly `width` characters: padded, or cut with `…` at the end. */
export function toWidth(text: string, width: number): string {
  const characters = [...text];
  if (characters.length > width) return `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
  return text + ' '.repeat(width - characters.length);
}

/** Lines of at most `width` characters, broken between words where that is possible. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(1, width);
  if (text.length <= room && !text.startsWith(' ')) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => pieces(part, room))) {
    if (line === '') line = word;
    else if (lengthOf(line) + 1 + lengthOf(word) <= room) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** Wrapped with `first` before the first line and blanks of the same length before the others. */
export function hang(first: string, text: string, width: number): string[] {
  const indent = lengthOf(first);
  return wrap(text, width - indent).map((line, index) => (index === 0 ? first : ' '.repeat(indent)) + line);
}

function pieces(word: string, width: number): string[] {
  if (word.length <= width) return [word];
  const characters = [...word];
  const parts: string[] = [];
  let from = 0;
  while (characters.length - from > width) {
    const part = characters.slice(from, from + width);
    const joint = part.findLastIndex((character) => '-/:.,=_'.includes(character)) + 1;
    const size = joint > width / 2 ? joint : width;
    parts.push(part.slice(0, size).join(''));
    from += size;
  }
  return [...parts, characters.slice(from).join('')];
}
