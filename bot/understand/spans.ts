/** Bounds in the message: `start` included, `end` excluded. */
export interface Span {
  start: number;
  end: number;
}

export function overlaps(one: Span, other: Span): boolean {
  return one.start < other.end && other.start < one.end;
}

/** The message with the spans blanked out, every other character at its old place. */
export function blankOut(message: string, spans: readonly Span[]): string {
  let text = '';
  let at = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    text += message.slice(at, from) + ' '.repeat(end - from);
    at = end;
  }
  return text + message.slice(at);
}
