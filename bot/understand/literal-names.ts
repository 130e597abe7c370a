import type { JsonObject } from '../../lib/json.ts';
import { isDoubtWord } from './guards.ts';
import { isNameLike } from './names.ts';
import type { Token } from './tokens.ts';
import type { Known, Vocabulary } from './vocabulary.ts';
import { BENIGN, CONNECTORS, EMPTY } from './words.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,254}$/;
/** Words that belong to a sentence about services even behind a full command: 'ecs scale up checkout 4'. */
const NEVER = new Set('up down from into onto than tasks task replicas replica copies count desired by or'.split(' '));
const NOUNS = new Set(['service', 'cluster', 'task', 'ecs', 'scale', 'reboot', 'instance']);

interface Literal {
  input: JsonObject;
  words: readonly Token[];
}

/**
 * `ecs status main search`: behind a full command exactly two bare words are the cluster and the service, also a word that
 * means something elsewhere. `isOther` tells words that clearly belong to another field.
 */
export function literalNames(
  { lexicon }: Vocabulary,
  { fields }: Known,
  given: JsonObject,
  words: readonly Token[],
  isOther: (word: Token) => boolean,
): Literal | undefined {
  const wanted = fields.filter(({ kind, required }) => required && (kind === 'cluster' || kind === 'service'));
  const [cluster, service] = wanted;
  if (cluster === undefined || service === undefined || wanted.some(({ key }) => given[key] !== undefined)) return;
  const bare = words.filter((word) => !isOther(word));
  const [first, second] = bare;
  if (first === undefined || second === undefined || bare.length !== 2) return undefined;
  const isName = (word: Token) => isNameLike(word, lexicon) || isBare(word, lexicon);
  if (!bare.every((word) => word.tail === '' && isName(word))) return undefined;
  return { input: { [cluster.key]: first.text, [service.key]: second.text }, words: bare };
}

function isBare({ text, lower, quoted }: Token, lexicon: Vocabulary['lexicon']): boolean {
  if (quoted || !NAME.test(text) || NEVER.has(lower) || isDoubtWord(lower)) return false;
  if (EMPTY.has(lower) || BENIGN.has(lower) || CONNECTORS.has(lower)) return false;
  return !(lexicon.exactly(lower)?.concepts ?? []).some((concept) => NOUNS.has(concept));
}
