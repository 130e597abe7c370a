import { editDistance } from './edit-distance.ts';
import { BENIGN, CONNECTORS, EMPTY, GROUPS, type Inflection, stems, WEAK } from './words.ts';

/** What a plain word means here: the groups it belongs to, or itself when a phrase uses it. */
export interface Meaning {
  concepts: readonly string[];
  inflection: Inflection;
}

export interface Lexicon {
  /** Undefined for a word no phrase of the catalog uses. A slip of the finger is forgiven. */
  meaning(word: string): Meaning | undefined;
  /** The same without forgiving a slip: a name may differ from a known word by one letter. */
  exactly(word: string): Meaning | undefined;
}

const NEVER_A_SLIP = new Set([
  ...EMPTY,
  ...WEAK,
  ...BENIGN,
  ...CONNECTORS,
  ...'not never all off test next stop rest start robot'.split(' '),
]);
const PLAIN = /^[a-z][a-z'-]*$/;

/** Knows every word of the catalog's phrases and their synonyms. `words` are lower case. */
export function createLexicon(words: Iterable<string>): Lexicon {
  const concepts = conceptTable();
  for (const word of words) {
    if (!EMPTY.has(word) && PLAIN.test(word) && !isKnown(concepts, word)) concepts.set(word, [word]);
  }
  const remembered = new Map<string, Meaning | undefined>();
  return {
    meaning(word) {
      if (remembered.has(word)) return remembered.get(word);
      const found = exact(concepts, word) ?? slip(concepts, word) ?? slip(concepts, word.replace(/s$/, ''));
      if (remembered.size < 5000) remembered.set(word, found);
      return found;
    },
    exactly: (word) => exact(concepts, word),
  };
}

function conceptTable(): Map<string, string[]> {
  const table = new Map<string, string[]>();
  for (const [concept, words] of Object.entries(GROUPS)) {
    for (const word of words.split(' ')) table.set(word, [...(table.get(word) ?? []), concept]);
  }
  return table;
}

function isKnown(concepts: ReadonlyMap<string, string[]>, word: string): boolean {
  return stems(word).some(({ stem }) => concepts.has(stem));
}

function exact(concepts: ReadonlyMap<string, string[]>, word: string): Meaning | undefined {
  for (const { stem, inflection } of stems(word)) {
    const found = concepts.get(stem);
    if (found) return { concepts: found, inflection };
  }
  return undefined;
}

/** One slip in five letters or more, two in eight or more; in four only two letters swapped. Never for other alphabets. */
function slip(concepts: ReadonlyMap<string, string[]>, word: string): Meaning | undefined {
  if (word.length < 4 || word.length > 20 || NEVER_A_SLIP.has(word) || !PLAIN.test(word)) return undefined;
  const limit = word.length >= 8 ? 2 : 1;
  let best: { distance: number; known: string } | undefined;
  for (const known of concepts.keys()) {
    if (!comparable(word, known)) continue;
    const distance = editDistance(word, known, Math.min(limit, known.length >= 8 ? 2 : 1));
    if (distance <= limit && (known.length >= 8 || distance === 1) && distance < (best?.distance ?? 9))
      best = { distance, known };
  }
  return best && { concepts: concepts.get(best.known) ?? [], inflection: 'base' };
}

function comparable(word: string, known: string): boolean {
  if (known.length < 4 || /(ed|ing)$/.test(word) !== /(ed|ing)$/.test(known)) return false;
  if (word.length >= 5 && known.length >= 5) return true;
  return word.length === known.length && [...word].sort().join('') === [...known].sort().join('');
}
