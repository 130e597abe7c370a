import type { JsonObject } from '../../lib/json.ts';
import { findTimeWindow } from '../../tools/time-window.ts';
import { type EntityKind, shapeOf } from './entities.ts';
import { fieldByKey, type InputField, valueFor, wholeNumber, without } from './fields.ts';
import { isNameLike } from './names.ts';
import { numberWord } from './number-words.ts';
import { severityOf } from './severities.ts';
import { type Token, tokenize } from './tokens.ts';
import type { Known, Vocabulary } from './vocabulary.ts';
import { BENIGN, EMPTY } from './words.ts';

/** What the command grammar makes of a message. */
export type Parsed =
  | { kind: 'none' }
  | { kind: 'input'; known: Known; input: JsonObject; looseReason?: string }
  /** A command with a fault in it. `strict`: it was clearly meant as a command, so nothing else is tried. */
  | { kind: 'problem'; known: Known; input: JsonObject; missing: string; because: string; strict: boolean };

/** `reboot i-… reason="…"`: command words, positionals in the order of the fields, `key=value`, `because …`. */
export function parseCommand(vocabulary: Vocabulary, message: string): Parsed {
  const tokens = tokenize(message);
  const found = commandAt(vocabulary.known, tokens);
  if (found === undefined) return { kind: 'none' };
  const state: State = {
    ...found,
    vocabulary,
    message,
    input: {},
    loose: [],
    names: [],
    rest: tokens.slice(found.length),
  };
  return readKeys(state) ?? readPositionals(state) ?? done(state);
}

interface State {
  known: Known;
  vocabulary: Vocabulary;
  message: string;
  rest: Token[];
  input: JsonObject;
  /** Words that are neither a key nor its value. */
  loose: Token[];
  looseReason?: string;
  /** Keys filled by a bare name. */
  names: string[];
}

/** The longest command or alias the message begins with; two tools with the same one are no command. */
function commandAt(known: readonly Known[], tokens: readonly Token[]): { known: Known; length: number } | undefined {
  const head = tokens.slice(0, 4).map((token) => (token.quoted || token.key ? '' : token.lower));
  const matches = known.flatMap((one) => {
    const lengths = one.commands
      .filter((words) => words.every((word, at) => head[at] === word))
      .map((words) => words.length);
    return lengths.length > 0 ? [{ known: one, length: Math.max(...lengths) }] : [];
  });
  const longest = Math.max(0, ...matches.map(({ length }) => length));
  const best = matches.filter(({ length }) => length === longest);
  return best.length === 1 ? best[0] : undefined;
}

function done({ known, input, looseReason }: State): Parsed {
  return { kind: 'input', known, input, ...(looseReason !== undefined && { looseReason }) };
}

function problem({ known, input }: State, missing: string, because: string, strict: boolean): Parsed {
  return { kind: 'problem', known, input, missing, because, strict };
}

function readKeys(state: State): Parsed | undefined {
  const { known, rest, input } = state;
  for (let at = 0; at < rest.length; at++) {
    const token = rest[at];
    if (token === undefined) break;
    if (token.unclosed) return problem(state, keyOf(state, token), 'A quotation mark is opened and not closed.', true);
    if (token.key === undefined) {
      if (opensReason(state, at)) return undefined;
      state.loose.push(token);
      continue;
    }
    const separate = token.text === '' && !token.quoted && !isAssignment(state, token);
    const value = separate ? rest[++at] : token;
    const field = fieldByKey(known.fields, token.key);
    if (field === undefined) return problem(state, token.key, unknownKey(known, token.key), true);
    if (input[field.key] !== undefined) return problem(state, field.key, `${field.key} is given twice.`, true);
    if (value === undefined || value.key !== (separate ? undefined : token.key))
      return problem(state, field.key, `${field.key} has no value.`, true);
    input[field.key] = valueFor(field, value.text);
  }
  return undefined;
}

function keyOf({ known }: State, token: Token): string {
  const field =
    token.key === undefined
      ? known.fields.find(({ kind }) => kind === 'text' || kind === 'reason')
      : fieldByKey(known.fields, token.key);
  return field?.key ?? token.key ?? '';
}

function isAssignment({ message }: State, { start, end }: Token): boolean {
  return message.slice(start, end).includes('=');
}

function unknownKey({ tool, fields }: Known, key: string): string {
  return `${tool.command} does not take “${key.slice(0, 40)}”. It takes ${fields.map((field) => field.key).join(', ') || 'nothing'}.`;
}

/** '… because it hangs' and '… reason: it hangs' to the end of the message. */
function opensReason(state: State, at: number): boolean {
  const { rest, message, input, known } = state;
  const [token, first, last] = [rest[at], rest[at + 1], rest.at(-1)];
  const opens = token?.lower === 'because' || (token?.lower === 'reason' && token.tail === ':');
  const field = known.fields.find(({ kind }) => kind === 'reason');
  if (token?.quoted || !opens || !first || !last || !field || input[field.key] !== undefined) return false;
  const quoted = first.quoted && first === last;
  input[field.key] = quoted ? first.text : message.slice(first.start, last.end).trim();
  if (!quoted) state.looseReason = message.slice(first.start, last.end);
  return true;
}

function readPositionals(state: State): Parsed | undefined {
  const { known, input, loose, vocabulary } = state;
  for (const token of loose) {
    if (takePair(state, token)) continue;
    const free = known.fields.filter(({ key }) => input[key] === undefined);
    const field = free.find((one) => isClearly(one, token)) ?? free.find((one) => mayBe(one, token, vocabulary));
    if (field === undefined) return surplus(state, token);
    input[field.key] = valueFor(
      field,
      field.kind === 'count' ? String(numberWord(token.lower) ?? token.text) : token.text,
    );
    if (field.kind === 'cluster' || field.kind === 'service') state.names.push(field.key);
  }
  return loneName(state);
}

/** One bare name where a cluster and a service are wanted could be either: neither is taken. */
function loneName(state: State): Parsed | undefined {
  const { known, input, names } = state;
  const absent = known.fields.find(
    ({ key, kind, required }) => required && (kind === 'cluster' || kind === 'service') && input[key] === undefined,
  );
  const [name = ''] = names;
  if (absent === undefined || names.length !== 1) return undefined;
  const because = `“${String(input[name])}” could be the cluster or the service.`;
  return problem({ ...state, input: without(input, name) }, name, because, false);
}

function surplus(state: State, first: Token): Parsed {
  const odd = state.loose
    .slice(state.loose.indexOf(first))
    .find(({ lower }) => !BENIGN.has(lower) && !EMPTY.has(lower));
  const token = odd ?? first;
  const { known, input } = state;
  const missing =
    known.fields.find(({ key, required }) => required && input[key] === undefined)?.key ?? token.text.slice(0, 60);
  return problem(state, missing, `I do not know what “${token.text.slice(0, 60)}” is for.`, false);
}

/** `main/web` is cluster and service at once. */
function takePair({ known, input }: State, token: Token): boolean {
  const cluster = known.fields.find(({ kind }) => kind === 'cluster')?.key;
  const service = known.fields.find(({ kind }) => kind === 'service')?.key;
  if (cluster === undefined || service === undefined || shapeOf(token.text) !== 'pair') return false;
  if (input[cluster] !== undefined || input[service] !== undefined) return false;
  const [first = '', second = ''] = token.text.split('/');
  input[cluster] = first;
  input[service] = second;
  return true;
}

const SHAPED: ReadonlySet<string> = new Set<EntityKind>([
  'instance_id',
  'alb_arn',
  'target_group_arn',
  'channel',
  'link',
  'region',
  'incident_id',
]);

/** The word has the field's own shape. */
function isClearly({ kind, type, choices, key }: InputField, { text, lower, quoted }: Token): boolean {
  if (quoted && (kind === 'text' || kind === 'reason')) return true;
  const shape = shapeOf(text);
  if (SHAPED.has(kind)) return shape === kind;
  if (kind === 'webhook') return shape === 'link';
  if (kind === 'count' || type === 'number')
    return /^[+-]?\.?\d/.test(text) && !isWindow(text)
      ? true
      : wholeNumber(text) !== undefined || numberWord(lower) !== undefined;
  if (kind === 'time_window') return isWindow(text);
  if (kind === 'severity') return severityOf(lower) !== undefined;
  if (kind === 'choice' || kind === 'metrics')
    return lower.split(',').every((part) => choices.some((choice) => choice.toLowerCase() === part));
  if (key === 'namespace') return shape === 'namespace';
  return (
    key.startsWith('resource') &&
    (shape === 'instance_id' || shape === 'arn' || shape === 'alb_arn' || shape === 'target_group_arn')
  );
}

function isWindow(text: string): boolean {
  const found = text.length <= 100 ? findTimeWindow(text) : undefined;
  return found !== undefined && found.start === 0 && found.end === text.length;
}

/** A word that means nothing else here may be a name; only quotation marks make a known word one. */
function mayBe({ kind, key }: InputField, token: Token, { lexicon }: Vocabulary): boolean {
  if (key === 'namespace' && shapeOf(token.text) !== undefined) return false;
  if (kind !== 'word' && kind !== 'cluster' && kind !== 'service') return false;
  const shape = shapeOf(token.text);
  if (shape !== undefined && shape !== 'camel' && shape !== 'pair') return false;
  return token.quoted || (kind === 'word' && shape !== undefined) || isNameLike(token, lexicon);
}
