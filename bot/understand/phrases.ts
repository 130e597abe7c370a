import { isRefusal, isUnknownOrder } from './guards.ts';
import { isHistory, withHistory } from './history.ts';
import type { Lead } from './lead-in.ts';
import { askAboutName } from './lone-name.ts';
import { withLooseNames } from './loose-names.ts';
import { menu } from './nearest.ts';
import { type FreeText, type Reading, readSentence } from './reading.ts';
import { resolveChange } from './resolve-change.ts';
import { asksAboutChange, resolveRead } from './resolve-read.ts';
import { PHRASE_ENOUGH, type Scene } from './scene.ts';
import { type Candidate, scoreTools } from './score.ts';
import { readsFor } from './suggestions.ts';
import { type Token, tokenize } from './tokens.ts';
import type { Understanding } from './understanding.ts';
import type { Vocabulary } from './vocabulary.ts';
import { CONNECTORS } from './words.ts';

/** A request is short. Nothing is done on part of a long text; only a record's or message's own text may be longer. */
const MOST_WORDS = 80;

/**
 * What the sentence asks for by the catalog's phrases; undefined when it is none of them.
 * `how` 'strict': it began as a command, so even a read passes over no word.
 */
export function matchPhrases(
  vocabulary: Vocabulary,
  { rest, polite }: Lead,
  now: number,
  how: 'free' | 'strict' = 'free',
): Understanding | undefined {
  const scene = { vocabulary, message: rest, polite, now, how };
  const tokens = tokenize(rest);
  for (const tail of tailsOf(rest, tokens.slice(0, MOST_WORDS))) {
    const reading = readSentence(rest, vocabulary.lexicon, tail);
    const [best] = scoreTools(vocabulary, reading);
    if (best?.full && takesText(best) && best.leftover.length === 0) return resolve(scene, reading);
  }
  return tokens.length > MOST_WORDS ? undefined : resolve(scene, readSentence(rest, vocabulary.lexicon));
}

function takesText({ known, filled }: Candidate): boolean {
  return known.fields.some(({ key, kind }) => kind === 'text' && filled.input[key] !== undefined);
}

/** Where a sentence may stop and its text begin: behind a colon, else behind 'that', 'about', 'saying'. */
function tailsOf(message: string, tokens: readonly Token[]): FreeText[] {
  const colon = tokens.findIndex(({ tail, quoted }) => !quoted && tail.includes(':'));
  const connectors = tokens.flatMap((token, at) => (!token.quoted && CONNECTORS.has(token.lower) ? [at] : []));
  return [colon, ...connectors.slice(0, 3)].flatMap((at) => {
    const [opening, first] = [tokens[at], tokens[at + 1]];
    if (at < 0 || opening === undefined || first === undefined || first.quoted) return [];
    if (at !== colon && tokens.slice(at).some(({ quoted }) => quoted)) return [];
    const text = message.slice(first.start).trim();
    const start = at === colon ? first.start : opening.start;
    return [{ role: 'tail' as const, text, start, end: message.length }];
  });
}

function resolve(scene: Scene, reading: Reading): Understanding | undefined {
  const { vocabulary, message } = scene;
  if (reading.tokens.some(({ key }) => key !== undefined)) return undefined;
  const lone = askAboutName(vocabulary, reading);
  if (lone) return lone;
  const ranked = scoreTools(vocabulary, withHistory(vocabulary, reading)).map((one) =>
    one.said >= PHRASE_ENOUGH ? withLooseNames(one, reading, vocabulary.lexicon) : one,
  );
  const possible = isHistory(reading) ? ranked.filter(({ known }) => known.tool.effect === 'read') : ranked;
  const candidates = [...possible.filter(isLikely), ...possible.filter((one) => !isLikely(one))];
  const [best] = candidates;
  if (best === undefined || !isLikely(best)) return asksAboutChange(scene, reading, ranked);
  if (best.known.tool.effect !== 'read') return resolveChange(scene, reading, candidates);
  if (isRefusal(message)) return best.said > 0 ? menu(vocabulary, 'negation', message) : undefined;
  if (isUnknownOrder(message)) return menu(vocabulary, 'unknown', message, readsFor(candidates));
  return resolveRead(scene, reading, candidates);
}

/** A change is likely by its phrase alone: what else was said is weighed later, and asked about. */
function isLikely({ known, said, explained }: Candidate): boolean {
  return said >= PHRASE_ENOUGH && (explained >= 0.5 || known.tool.effect !== 'read');
}
