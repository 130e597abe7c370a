/** Makes a thing once per key, whoever asks first, and keeps it; a failure is forgotten, so that the next one who asks tries again. */
export function createKeep<T>(): (key: string, make: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, Promise<T>>();
  return (key, make) => {
    const found = kept.get(key);
    if (found) return found;
    const made = make();
    kept.set(key, made);
    made.catch(() => kept.delete(key));
    return made;
  };
}
