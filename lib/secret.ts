/** A secret for the life of the process, or one that may be another at its next use. */
export type Secret = string | (() => string);

export const reveal = (secret: Secret): string => (typeof secret === 'function' ? secret() : secret);

/** What `make` makes of the value, until the value is another one. */
export function keptWhile<V, T>(valueNow: () => V, make: (value: V) => Promise<T>): () => Promise<T> {
  let kept: { value: V; made: Promise<T> } | undefined;
  return () => {
    const value = valueNow();
    if (kept === undefined || kept.value !== value) kept = { value, made: make(value) };
    return kept.made;
  };
}
