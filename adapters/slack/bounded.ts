/** A map that forgets its oldest entry when it is full. */
export interface Bounded<Value> {
  get(key: string): Value | undefined;
  /** Moves the key to the newest place. */
  set(key: string, value: Value): void;
  /** The value, which is forgotten with this. */
  take(key: string): Value | undefined;
}

export function createBounded<Value>(most: number): Bounded<Value> {
  const entries = new Map<string, Value>();
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      const [oldest] = entries.keys();
      if (entries.size > most && oldest !== undefined) entries.delete(oldest);
    },
    take(key) {
      const value = entries.get(key);
      entries.delete(key);
      return value;
    },
  };
}
