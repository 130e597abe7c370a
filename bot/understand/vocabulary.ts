import type { Tool } from '../../tools/tool.ts';
import { fieldsOf, type InputField } from './fields.ts';
import { createLexicon, type Lexicon, type Meaning } from './lexicon.ts';
import { EMPTY, WEAK } from './words.ts';

export interface PhraseWord {
  word: string;
  meaning: Meaning | undefined;
  weight: number;
}

/** One way to say a tool's name or work. `blanks` are the keys of its placeholders. */
export interface Phrase {
  words: PhraseWord[];
  /** It speaks of 'a' thing, new or single: 'open an incident'. */
  single: boolean;
  /** The tool's command or an alias, whose own words in any order name it. */
  command: boolean;
  blanks: string[];
}

/** A tool as the language side sees it; made once per catalog. */
export interface Known {
  tool: Tool;
  fields: readonly InputField[];
  /** The words of `tool.command`, each alias and `tool.name`. */
  commands: readonly (readonly string[])[];
  phrases: readonly Phrase[];
  concepts: ReadonlySet<string>;
  /** Words that stand before a placeholder: 'named' → `name`. */
  anchors: ReadonlyMap<string, string>;
}

export interface Vocabulary {
  known: readonly Known[];
  lexicon: Lexicon;
  /** What the verbs of the write tools mean: 'reboot', 'scale'. */
  changeVerbs: ReadonlySet<string>;
  byName(name: string): Known | undefined;
  /** The commands that begin with this word: a message is compared with these few, however many tools there are. */
  commandsFrom(word: string): readonly Command[];
  isCommand(text: string): boolean;
}

export interface Command {
  known: Known;
  words: readonly string[];
}

export function createVocabulary(catalog: readonly Tool[]): Vocabulary {
  const sayings = catalog.map((tool) =>
    [tool.command, ...tool.aliases, ...tool.phrases].map((one) => one.toLowerCase()),
  );
  const lexicon = createLexicon(sayings.flat().flatMap((saying) => partsOf(saying).filter((part) => !isBlank(part))));
  const known = catalog.map((tool, at) => knownTool(tool, sayings[at] ?? [], lexicon));
  const names = new Map(known.map((one) => [one.tool.name, one]));
  const commands = known.flatMap((one) => one.commands.map((words) => ({ known: one, words })));
  const byFirst = Map.groupBy(commands, ({ words: [first = ''] }) => first);
  const whole = new Set(commands.map(({ words }) => words.join(' ')));
  return {
    known,
    lexicon,
    changeVerbs: changeVerbsOf(known, lexicon),
    byName: (name) => names.get(name),
    commandsFrom: (word) => byFirst.get(word) ?? [],
    isCommand: (text) => whole.has(text),
  };
}

function changeVerbsOf(known: readonly Known[], lexicon: Lexicon): Set<string> {
  const writes = known.filter(({ tool }) => tool.effect === 'write');
  const verbs = writes.flatMap(({ tool }) =>
    [tool.command, ...tool.aliases].map((command) => command.split(' ').at(-1) ?? ''),
  );
  return new Set(verbs.flatMap((verb) => lexicon.exactly(verb)?.concepts ?? []));
}

function knownTool(tool: Tool, sayings: readonly string[], lexicon: Lexicon): Known {
  const fields = fieldsOf(tool);
  const phrases = sayings.map((saying, at) => compile(saying, at <= tool.aliases.length, lexicon));
  const concepts = phrases.flatMap(({ words }) => words.flatMap(wordConcepts));
  return {
    tool,
    fields,
    commands: [tool.command, ...tool.aliases, tool.name].map((command) => command.toLowerCase().split(' ')),
    phrases,
    concepts: new Set([...concepts, ...fields.flatMap(({ key }) => key.split('_'))]),
    anchors: new Map(sayings.flatMap(anchorsOf)),
  };
}

/** A word that carries little of its own stands only for itself. */
function wordConcepts({ word, meaning, weight }: PhraseWord): string[] {
  return weight < 1 ? [word] : [word, ...(meaning?.concepts ?? [])];
}

function compile(saying: string, command: boolean, lexicon: Lexicon): Phrase {
  const parts = partsOf(saying);
  const words = parts
    .filter((part) => !isBlank(part))
    .map((word) => ({ word, meaning: lexicon.meaning(word), weight: weightOf(word) }));
  return {
    single: parts.some(isArticle),
    command,
    words: words.filter(({ weight }) => weight > 0),
    blanks: parts.filter(isBlank).map((part) => part.slice(1, -1)),
  };
}

/** How much of a sentence's sense a word carries. */
export function weightOf(word: string): number {
  if (WEAK.has(word)) return 0.3;
  return EMPTY.has(word) ? 0 : 1;
}

function anchorsOf(saying: string): [string, string][] {
  const parts = partsOf(saying);
  return parts.flatMap((part, at) => {
    const next = parts[at + 1];
    if (isBlank(part) || weightOf(part) === 0 || next === undefined || !isBlank(next)) return [];
    return [[part, next.slice(1, -1)] satisfies [string, string]];
  });
}

/** '{cluster}/{service} to {desired_count}' → its placeholders and words. */
function partsOf(saying: string): string[] {
  return saying
    .replace(/[{}]/g, (brace) => (brace === '{' ? ' {' : '} '))
    .split(/[\s/,:?"'#]+/)
    .filter((part) => part !== '');
}

export function isArticle(word: string): boolean {
  return word === 'a' || word === 'an';
}

function isBlank(part: string): boolean {
  return part.startsWith('{');
}
