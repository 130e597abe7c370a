import { needsModel } from '../bot/answer.ts';
import type { Understanding } from '../bot/understand/understanding.ts';
import type { Sentence } from './sentence.ts';

/** The sentences that a model is asked. Exact words are taken as they are, and so is what OpsAgent knows of itself (L4). */
export function forModel(sentences: readonly Sentence[], understand: (text: string) => Understanding): Sentence[] {
  return sentences.filter(({ text }) => needsModel(understand(text)));
}

/** At most `most` sentences: as many of each category as there is room for, spread evenly over it. The same ones each time. */
export function sampleOf(sentences: readonly Sentence[], most: number): Sentence[] {
  const byCategory = Map.groupBy(sentences, ({ category }) => category);
  const room = new Map([...byCategory.keys()].map((category) => [category, 0]));
  for (let left = Math.min(most, sentences.length); left > 0; ) {
    for (const [category, all] of byCategory) {
      const taken = room.get(category) ?? 0;
      if (left === 0 || taken === all.length) continue;
      room.set(category, taken + 1);
      left -= 1;
    }
  }
  return [...byCategory].flatMap(([category, all]) => evenly(all, room.get(category) ?? 0));
}

function evenly<T>(all: readonly T[], count: number): T[] {
  const places = Array.from({ length: count }, (_, n) => Math.floor(((n + 0.5) * all.length) / count));
  return all.filter((_, place) => places.includes(place));
}
