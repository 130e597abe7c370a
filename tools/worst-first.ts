import type { Status } from '../cards/view.ts';

const URGENCY: Readonly<Record<Status, number>> = { bad: 0, warning: 1, waiting: 2, good: 3, neutral: 3 };

/** A new list in the order in which people should look: bad, warning, waiting, then the rest; by name among equals. */
export function worstFirst<T>(items: readonly T[], statusOf: (item: T) => Status, nameOf: (item: T) => string): T[] {
  return items.toSorted((a, b) => URGENCY[statusOf(a)] - URGENCY[statusOf(b)] || nameOf(a).localeCompare(nameOf(b)));
}
