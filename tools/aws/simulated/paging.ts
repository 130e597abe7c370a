/** A page of a list that is already complete. Tokens are positions; a token from elsewhere throws what `invalid` makes. */
export function pageOf<T>(
  items: readonly T[],
  token: string | undefined,
  size: number,
  invalid: () => Error,
): { items: T[]; next?: string } {
  const start = positionOf(token, invalid);
  if (start > items.length) throw invalid();
  const end = start + size;
  return { items: items.slice(start, end), next: end < items.length ? tokenFor(end) : undefined };
}

export function tokenFor(position: number): string {
  return Buffer.from(`position:${position}`).toString('base64url');
}

export function positionOf(token: string | undefined, invalid: () => Error): number {
  if (token === undefined) return 0;
  const match = /^position:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString());
  if (!match) throw invalid();
  return Number(match[1]);
}
