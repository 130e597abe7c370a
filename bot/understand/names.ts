import { type Entity, shapeOf } from './entities.ts';
import type { Lexicon } from './lexicon.ts';
import { overlaps, type Span } from './spans.ts';
import type { Token } from './tokens.ts';
import { BENIGN, CONNECTORS, EMPTY, WEAK } from './words.ts';

/** A cluster's or service's name and the words that made it one. */
export interface Name extends Span {
  field: 'cluster' | 'service';
  value: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/;
const NOUNS: Readonly<Record<string, Name['field']>> = {
  service: 'service',
  services: 'service',
  svc: 'service',
  cluster: 'cluster',
  clusters: 'cluster',
};

/** A plain word that means nothing else here, so that it may be a name. One that begins with a digit must come as a pair or with its key. */
export function isNameLike(token: Token | undefined, lexicon: Lexicon): token is Token {
  if (
    token === undefined ||
    token.quoted ||
    token.key !== undefined ||
    !NAME.test(token.text) ||
    /^\d/.test(token.text)
  )
    return false;
  const word = token.lower;
  if (BENIGN.has(word) || EMPTY.has(word) || WEAK.has(word) || CONNECTORS.has(word)) return false;
  const shape = shapeOf(token.text);
  return lexicon.exactly(word) === undefined && (shape === undefined || shape === 'camel');
}

/** 'main/web' · 'service web in cluster main' · 'the web service' · 'web on main' · 'services in main'. */
export function findNames(tokens: readonly Token[], entities: readonly Entity[], lexicon: Lexicon): Name[] {
  const pairs = entities.flatMap(pairNames);
  if (pairs.length > 0) return pairs;
  const free = tokens.map((token) => (entities.some((entity) => overlaps(entity, token)) ? undefined : token));
  const named = nounNames(free, lexicon);
  return [...named, ...placeNames(free, named, lexicon)];
}

function pairNames({ kind, value, start, end }: Entity): Name[] {
  if (kind !== 'pair') return [];
  const [cluster = '', service = ''] = String(value).split('/');
  return [
    { field: 'cluster', value: cluster, start, end },
    { field: 'service', value: service, start, end },
  ];
}

type Free = readonly (Token | undefined)[];

/** The name stands after its noun ('service web') or, failing that, before it ('the web service'). */
function nounNames(words: Free, lexicon: Lexicon): Name[] {
  const found: Name[] = [];
  words.forEach((word, at) => {
    const field = word && !word.quoted && Object.hasOwn(NOUNS, word.lower) ? NOUNS[word.lower] : undefined;
    if (word === undefined || field === undefined) return;
    const beside = [at - 1, at + 1].map((index) => words[index]).filter((near) => isNameLike(near, lexicon));
    const unused = beside.filter((near) => near && !found.some((name) => overlaps(name, near)));
    for (const near of unused) if (near) found.push(spanned(field, near, word));
  });
  return found;
}

function spanned(field: Name['field'], name: Token, noun: Token): Name {
  return { field, value: name.text, start: Math.min(name.start, noun.start), end: Math.max(name.end, noun.end) };
}

/** '<service> in <cluster>', or only 'in <cluster>' behind anything else. */
function placeNames(words: Free, named: readonly Name[], lexicon: Lexicon): Name[] {
  const found: Name[] = [];
  const taken = (token: Token) => [...named, ...found].some((name) => overlaps(name, token));
  words.forEach((word, at) => {
    if (word === undefined || !['in', 'on'].includes(word.lower)) return;
    const step = words[at + 1]?.lower === 'the' ? 2 : 1;
    const [left, right] = [words[at - 1], words[at + step]];
    if (isNameLike(right, lexicon) && !taken(right)) found.push({ ...placed('cluster', right), start: word.start });
    if (isNameLike(left, lexicon) && !taken(left)) found.push(placed('service', left));
  });
  return found;
}

function placed(field: Name['field'], { text, start, end }: Token): Name {
  return { field, value: text, start, end };
}
