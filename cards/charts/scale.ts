export interface Scale {
  low: number;
  high: number;
  ticks: number[];
}

/** Beyond it a round number above the highest value may be none any more. */
const huge = 1e307;
const tiny = 1e-300;

/** Three to five round numbers that enclose the values. Values that are never negative start at zero. */
export function scaleOf(min: number, max: number): Scale {
  const low = Math.min(min, 0);
  const high = Math.max(max, 0) - low < tiny ? low + 1 : Math.max(max, 0);
  const span = high - low;
  if (span > huge) return { low, high, ticks: [low, 0, high] };

  const step = roundStep(span / 3);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { low: first * step, high: last * step, ticks };
}

/** 0 at the bottom, 1 at the top. */
export function shareOf(value: number, { low, high }: Scale): number {
  // Halves first: the difference of two huge numbers is not a number any more.
  return (value / 2 - low / 2) / (high / 2 - low / 2);
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  if (power === 0) return Number.MIN_VALUE;
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return factor * power;
}
