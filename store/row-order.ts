/** Lets calls that name the same row go one after the other, in the order they were made; others go side by side. */
export interface RowOrder {
  /** Runs `work` when every earlier call that names one of these rows has ended, however it ended. */
  inTurn<T>(rows: readonly string[], work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is under way any more. */
  drain(): Promise<void>;
}

export function createRowOrder(): RowOrder {
  const latest = new Map<string, Promise<unknown>>();

  return {
    inTurn(rows, work) {
      const earlier = new Set(rows.map((row) => latest.get(row)));
      const result = Promise.all(earlier).then(work);
      const ended = result.then(
        () => forget(),
        () => forget(),
      );
      function forget(): void {
        for (const row of rows) if (latest.get(row) === ended) latest.delete(row);
      }
      for (const row of rows) latest.set(row, ended);
      return result;
    },
    async drain() {
      while (latest.size > 0) await Promise.all(latest.values());
    },
  };
}
