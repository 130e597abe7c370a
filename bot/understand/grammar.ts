import type { JsonObject } from '../../lib/json.ts';
import { fieldByKey, valueFor } from './fields.ts';
import { placeWords } from './positionals.ts';
import { type Token, tokenize } from './tokens.ts';
import type { Known, Vocabulary } from './vocabulary.ts';

/** What the command grammar makes of a message. */
export type Parsed =
  | { kind: 'none' }
  | { kind: 'input'; known: Known; input: JsonObject; exact: boolean; looseReason?: string }
  /** A command with a fault in it. `strict`: it was clearly meant as a command, so nothing else is tried. */
  | { kind: 'problem'; known: Known; input: JsonObject; missing: string; because: string; strict: boolean };

/** `reboot i-… reason="…"`: command words, positionals in the order of the fields, `key=value`, `because …`. */
export function parseCommand(vocabulary: Vocabulary, message: string): Parsed {
  const tokens = tokenize(message);
  const found = commandAt(vocabulary, tokens);
  if (found === undefined) return { kind: 'none' };
  const state: State = {
    known: found.known,
    exact: found.length > 1,
    vocabulary,
    message,
    input: {},
    loose: [],
    rest: tokens.slice(found.length),
  };
  return readKeys(state) ?? readLoose(state) ?? done(state);
}

interface State {
  known: Known;
  vocabulary: Vocabulary;
  message: string;
  rest: Token[];
  input: JsonObject;
  /** It began with a command of several words, which no sentence begins with by chance. */
  exact: boolean;
  /** Words that are neither a key nor its value. */
  loose: Token[];
  looseReason?: string;
}

/** The longest command or alias the message begins with; two tools with the same one are no command. */
function commandAt(vocabulary: Vocabulary, tokens: readonly Token[]): { known: Known; length: number } | undefined {
  const head = tokens.slice(0, 4).map((token) => (token.quoted || token.key ? '' : token.lower));
  const matches = vocabulary
    .commandsFrom(head[0] ?? '')
    .filter(({ words }) => words.every((word, at) => head[at] === word));
  const longest = Math.max(0, ...matches.map(({ words }) => words.length));
  const best = new Set(matches.filter(({ words }) => words.length === longest).map(({ known }) => known));
  const [known] = best;
  return known && best.size === 1 ? { known, length: longest } : undefined;
}

function done({ known, input, exact, looseReason }: State): Parsed {
  return { kind: 'input', known, input, exact, ...(looseReason !== undefined && { looseReason }) };
}

function problem({ known, input }: State, missing: string, because: string, strict: boolean): Parsed {
  return { kind: 'problem', known, input, missing, because, strict };
}

function readKeys(state: State): Parsed | undefined {
  const { rest } = state;
  for (let at = 0; at < rest.length; at++) {
    const token = rest[at];
    if (token === undefined) break;
    if (token.unclosed) return problem(state, keyOf(state, token), 'A quotation mark is opened and not closed.', true);
    if (token.key === undefined) {
      if (opensReason(state, at)) return undefined;
      state.loose.push(token);
      continue;
    }
    const isFlag = token.text === '' && !token.quoted && !isAssignment(state, token);
    const fault = isFlag ? setKey(state, token.key, rest[++at], undefined) : setKey(state, token.key, token, token.key);
    if (fault) return fault;
  }
  return undefined;
}

/** `value` is the token itself for `key=value` and the next one for `--key value`, which then has no key of its own. */
function setKey(state: State, key: string, value: Token | undefined, itsKey: string | undefined): Parsed | undefined {
  const field = fieldByKey(state.known.fields, key);
  if (field === undefined) return problem(state, key, unknownKey(state.known, key), true);
  if (state.input[field.key] !== undefined) return problem(state, field.key, `${field.key} is given twice.`, true);
  if (value === undefined || value.key !== itsKey) return problem(state, field.key, `${field.key} has no value.`, true);
  state.input[field.key] = valueFor(field, value.text);
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

/** The words without a key, in the order of the fields. */
function readLoose(state: State): Parsed | undefined {
  const { known, input, loose, vocabulary, exact } = state;
  const placed = placeWords(vocabulary, known, input, { words: loose, exact });
  if ('input' in placed) {
    state.input = placed.input;
    return undefined;
  }
  return { kind: 'problem', known, ...placed.fault, strict: false };
}
