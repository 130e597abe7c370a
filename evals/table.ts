interface Row<Column extends string> {
  category: string;
  /** Where it counts. */
  columns: readonly Column[];
}

/** How many of each category stand in each column, as aligned text. */
export function table<Column extends string>(columns: readonly Column[], rows: readonly Row<Column>[]): string {
  const header = line('category', columns);
  const lines = [...Map.groupBy(rows, ({ category }) => category)].map(([category, mine]) =>
    line(
      category,
      columns.map((column) => String(mine.filter((row) => row.columns.includes(column)).length)),
    ),
  );
  return [header, ...lines].join('\n');
}

const line = (first: string, cells: readonly string[]): string =>
  [first.padEnd(48), ...cells.map((cell) => cell.padStart(15))].join('');

/** '97.5 %'; 0 of nothing. */
export function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
}
