/** Letters added, lost, changed or swapped with a neighbour between two words; more than `limit` is `limit + 1`. */
export function editDistance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      current.push(cell({ one, other, row, column }, [before, previous, current]));
    }
    if (Math.min(...current) > limit) return limit + 1;
    before = previous;
    previous = current;
  }
  return previous.at(-1) ?? 0;
}

interface Place {
  one: string;
  other: string;
  row: number;
  column: number;
}

function cell({ one, other, row, column }: Place, [before, previous, current]: [number[], number[], number[]]): number {
  const at = (line: number[], index: number) => line[index] ?? 0;
  const same = one[row - 1] === other[column - 1];
  const best = Math.min(
    at(previous, column) + 1,
    at(current, column - 1) + 1,
    at(previous, column - 1) + (same ? 0 : 1),
  );
  const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
  return swapped ? Math.min(best, at(before, column - 2) + 1) : best;
}
