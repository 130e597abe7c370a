const steps: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/**
 * A number with its unit, short enough for an axis: '42.3 %', '1.2 MB/s', '12 k', '3 ms'.
 *
 * @param unit as `Series.unit` names it: 'percent', 'bytes', 'bytes/s', 'count', or anything else, shown as it is
 */
export function quantity(value: number, unit: string): string {
  if (unit === 'percent') return `${digits(value)} %`;
  if (unit === 'bytes' || unit === 'bytes/s') return scaled(value, `B${unit.slice('bytes'.length)}`);
  const text = Math.abs(value) >= 10_000 ? scaled(value, '') : digits(value);
  return unit === 'count' || unit === '' ? text : `${text} ${unit}`;
}

function scaled(value: number, unit: string): string {
  const step = steps.find(([size]) => Math.abs(value) >= size);
  if (!step) return unit === '' ? digits(value) : `${digits(value)} ${unit}`;
  return `${digits(value / step[0])} ${step[1]}${unit}`;
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 0.001)) return value.toExponential(1);
  const text = size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(size < 0.1 ? 4 : 2);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
