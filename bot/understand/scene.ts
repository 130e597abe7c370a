import { finish } from './finish.ts';
import type { Stop } from './guards.ts';
import { stopFor } from './guards.ts';
import { ask } from './question.ts';
import type { Reading } from './reading.ts';
import type { Candidate } from './score.ts';
import type { Span } from './spans.ts';
import type { Vocabulary } from './vocabulary.ts';

/** One sentence being matched. */
export interface Scene {
  vocabulary: Vocabulary;
  message: string;
  polite: boolean;
  now: number;
  how: 'free' | 'strict';
}

/** How much of a phrase must be said before the tool is thought of. */
export const PHRASE_ENOUGH = 0.55;
/** The score a read needs to be made. */
export const ENOUGH = 0.62;
/** Two tools closer than this are equally good. */
export const TIE = 0.03;

/** Why no change may be made of the sentence, if so. */
export function stopOf({ message, polite }: Scene, reading: Reading): Stop | undefined {
  return stopFor(message, carried(reading), polite);
}

/** Parts whose letters say nothing about whether the sentence is meant: texts, ids, links. Times and numbers do say something. */
function carried({ free, entities }: Reading): Span[] {
  return [...free, ...entities.filter(({ kind }) => kind !== 'time_window' && kind !== 'count' && kind !== 'severity')];
}

/** The call of this tool, or the question that is left. */
export function settle({ vocabulary, message, now }: Scene, { known, filled }: Candidate) {
  const { input, unclear } = filled;
  if (unclear === undefined) return finish(vocabulary, known, { by: 'phrases', input, message }, now);
  const { field, options, because } = unclear;
  return ask(vocabulary, known, { by: 'phrases', known: input, missing: field, because, options });
}
