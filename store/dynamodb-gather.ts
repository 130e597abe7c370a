/**
 * Rows that are asked for one by one, before the event loop comes round, are fetched together: a proposal asks for six, and each by itself
 * would be a call of DynamoDB. They are not of one moment. Never joins a fetch that has begun, so what is read is no older than the question.
 *
 * `fetch` answers with what it found, by key. When it fails, everybody who asked hears it.
 */
export function gather<Row>(fetch: (keys: readonly string[]) => Promise<ReadonlyMap<string | undefined, Row>>) {
  let asked: { keys: Set<string>; found: Promise<ReadonlyMap<string | undefined, Row>> } | undefined;

  const begin = () => {
    const keys = new Set<string>();
    const found = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      asked = undefined;
      return fetch([...keys]);
    });
    return { keys, found };
  };

  return async (key: string): Promise<Row | undefined> => {
    asked ??= begin();
    asked.keys.add(key);
    return (await asked.found).get(key);
  };
}
