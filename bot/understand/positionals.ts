import type { JsonObject } from '../../lib/json.ts';
import { findTimeWindow } from '../../tools/time-window.ts';
import { type EntityKind, shapeOf } from './entities.ts';
import { type InputField, valueFor, without } from './fields.ts';
import { literalNames } from './literal-names.ts';
import { isNameLike } from './names.ts';
import { numberWord } from './number-words.ts';
import { severityOf } from './severities.ts';
import type { Token } from './tokens.ts';
import type { Known, Vocabulary } from './vocabulary.ts';
import { BENIGN, EMPTY } from './words.ts';

/** The input with every word in its field, or why one has none. */
export type Placed = { input: JsonObject } | { fault: { input: JsonObject; missing: string; because: string } };

/** `exact`: the words follow a command of several words. A word goes to the first free field whose shape it has, else to the first that takes any name. */
export function placeWords(
  vocabulary: Vocabulary,
  known: Known,
  given: JsonObject,
  { words, exact }: { words: readonly Token[]; exact: boolean },
): Placed {
  const isOther = (word: Token) => shapeOf(word.text) !== undefined || known.fields.some((one) => isClearly(one, word));
  const literal = exact ? literalNames(vocabulary, known, given, words, isOther) : undefined;
  const input = { ...given, ...literal?.input };
  const names: string[] = [];
  const others = words.filter((word) => !literal?.words.includes(word) && !isAnything(known, word));
  for (const word of others) {
    if (takePair(known, input, word)) continue;
    const field = fieldFor(vocabulary, known, input, word);
    if (field === undefined) return surplus(known, input, others.slice(others.indexOf(word)));
    const number = field.kind === 'count' ? numberWord(word.lower) : undefined;
    input[field.key] = valueFor(field, String(number ?? word.text));
    if (field.kind === 'cluster' || field.kind === 'service') names.push(field.key);
  }
  return loneName(known, input, names) ?? { input };
}

function fieldFor(vocabulary: Vocabulary, { fields }: Known, input: JsonObject, word: Token): InputField | undefined {
  const free = fields.filter(({ key }) => input[key] === undefined);
  return free.find((one) => isClearly(one, word)) ?? free.find((one) => mayBe(one, word, vocabulary));
}

const ANYTHING = new Set(['something', 'anything', 'somebody', 'someone', 'anyone', 'anybody']);

/** 'who changed something yesterday' filters by nothing. */
function isAnything({ tool }: Known, { lower, quoted }: Token): boolean {
  return tool.effect === 'read' && !quoted && ANYTHING.has(lower);
}

/** One bare name where a cluster and a service are wanted could be either: neither is taken. */
function loneName({ fields }: Known, input: JsonObject, names: readonly string[]): Placed | undefined {
  const wanted = fields.filter(({ kind, required }) => required && (kind === 'cluster' || kind === 'service'));
  const [name] = names;
  if (name === undefined || names.length > 1 || wanted.every(({ key }) => input[key] !== undefined)) return undefined;
  const because = `“${String(input[name])}” could be the cluster or the service.`;
  return { fault: { input: without(input, name), missing: name, because } };
}

function surplus({ fields }: Known, input: JsonObject, words: readonly Token[]): Placed {
  const odd = words.find(({ lower }) => !BENIGN.has(lower) && !EMPTY.has(lower)) ?? words[0];
  const word = odd?.text.slice(0, 60) ?? '';
  const absent = fields.find(({ key, required }) => required && input[key] === undefined);
  return { fault: { input, missing: absent?.key ?? word, because: `I do not know what “${word}” is for.` } };
}

/** `main/web` is cluster and service at once. */
function takePair({ fields }: Known, input: JsonObject, { text }: Token): boolean {
  const cluster = fields.find(({ kind }) => kind === 'cluster')?.key;
  const service = fields.find(({ kind }) => kind === 'service')?.key;
  if (cluster === undefined || service === undefined || shapeOf(text) !== 'pair') return false;
  if (input[cluster] !== undefined || input[service] !== undefined) return false;
  const [first = '', second = ''] = text.split('/');
  input[cluster] = first;
  input[service] = second;
  return true;
}

type Fits = (word: Token, field: InputField) => boolean;

const ofShape: Fits = ({ text }, { kind }) => shapeOf(text) === kind;
const ofChoice: Fits = ({ lower }, { choices }) =>
  lower.split(',').every((part) => choices.some((choice) => choice.toLowerCase() === part));
const RESOURCES: ReadonlySet<EntityKind | undefined> = new Set(['instance_id', 'arn', 'alb_arn', 'target_group_arn']);

/** How a word shows that it belongs to a field of the kind. Kinds without an entry show nothing. */
const CLEARLY: Partial<Record<InputField['kind'], Fits>> = {
  instance_id: ofShape,
  alb_arn: ofShape,
  target_group_arn: ofShape,
  channel: ofShape,
  link: ofShape,
  region: ofShape,
  incident_id: ofShape,
  choice: ofChoice,
  metrics: ofChoice,
  text: ({ quoted }) => quoted,
  reason: ({ quoted }) => quoted,
  webhook: ({ text }) => shapeOf(text) === 'link',
  count: ({ text, lower }) => (/^[+-]?\.?\d/.test(text) && !isWindow(text)) || numberWord(lower) !== undefined,
  time_window: ({ text }) => isWindow(text),
  severity: ({ lower }) => severityOf(lower) !== undefined,
  word: ({ text }, { key }) => key.startsWith('resource') && RESOURCES.has(shapeOf(text)),
};

function isClearly(field: InputField, word: Token): boolean {
  return CLEARLY[field.kind]?.(word, field) ?? false;
}

const EVENT = /^[A-Z][A-Za-z0-9]*$/;

function isWindow(text: string): boolean {
  const found = text.length <= 100 ? findTimeWindow(text) : undefined;
  return found !== undefined && found.start === 0 && found.end === text.length;
}

/** A word that means nothing else here may be a name; only quotation marks make a known word one. */
function mayBe({ key, kind }: InputField, word: Token, { lexicon }: Vocabulary): boolean {
  if (kind !== 'word' && kind !== 'cluster' && kind !== 'service') return false;
  if (key === 'event_name' && !EVENT.test(word.text)) return false;
  const shape = shapeOf(word.text);
  if (shape !== undefined && shape !== 'camel' && shape !== 'pair') return false;
  return word.quoted || (kind === 'word' && shape !== undefined) || isNameLike(word, lexicon);
}
