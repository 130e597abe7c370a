import type { Json, JsonObject } from '../../lib/json.ts';
import type { Entity, EntityKind } from './entities.ts';
import { type InputField, valueFor } from './fields.ts';
import type { Lexicon } from './lexicon.ts';
import { isNameLike } from './names.ts';
import { plainWord, type Reading } from './reading.ts';
import { overlaps, type Span } from './spans.ts';
import type { Known } from './vocabulary.ts';

/** What a tool can take out of a sentence. */
export interface Filled {
  input: JsonObject;
  /** The parts of the sentence that became values. */
  used: Span[];
  /** A field with more than one value, or a number that was meant and not said. */
  unclear?: { field: string; options: (string | number)[]; because: string };
}

interface Found {
  values: (string | number)[];
  spans: Span[];
  vague?: boolean;
}

const NOTHING: Found = { values: [], spans: [] };
const SAME_KIND: ReadonlySet<string> = new Set<EntityKind>([
  'instance_id',
  'alb_arn',
  'target_group_arn',
  'region',
  'channel',
  'incident_id',
  'time_window',
  'severity',
]);

export function fillInput(known: Known, reading: Reading, lexicon: Lexicon): Filled {
  const input: JsonObject = {};
  const used: Span[] = [];
  let unclear: Filled['unclear'];
  for (const field of known.fields) {
    const found = findValue(field, { known, reading, lexicon, used });
    used.push(...found.spans);
    const values = [...new Set(found.values)];
    if (found.vague) unclear ??= vague(field);
    else if (values.length > 1 && !takesSeveral(field)) unclear ??= several(field, values);
    else if (values.length > 0) input[field.key] = field.type === 'list' ? values : asValue(field, values);
  }
  return { input, used, ...(unclear && { unclear }) };
}

/** 'how many …' asks for rows without a limit; 'two more' asks for a number nobody said. */
function vague({ key, required }: InputField): Filled['unclear'] {
  return required ? { field: key, options: [], because: 'I do not count up or down from what is there.' } : undefined;
}

function several({ key }: InputField, options: (string | number)[]): Filled['unclear'] {
  return { field: key, options, because: `I take one ${key} at a time and found ${options.slice(0, 6).join(', ')}.` };
}

function takesSeveral({ kind, type }: InputField): boolean {
  return type === 'list' || kind === 'metrics' || kind === 'link';
}

/** Several metrics or links in one text are parted by commas. */
function asValue(field: InputField, values: readonly (string | number)[]): Json {
  const [value = ''] = values;
  return typeof value === 'number' ? value : valueFor(field, values.join(','));
}

interface Search {
  known: Known;
  reading: Reading;
  lexicon: Lexicon;
  used: readonly Span[];
}

function findValue(field: InputField, search: Search): Found {
  const { kind } = field;
  const { entities, names, free } = search.reading;
  if (SAME_KIND.has(kind)) return fromEntities(entities.filter((entity) => entity.kind === kind));
  if (kind === 'cluster' || kind === 'service') {
    const mine = names.filter((name) => name.field === kind);
    return mine.length > 0 ? { values: mine.map(({ value }) => value), spans: mine } : anchored(field, search);
  }
  if (kind === 'count') return counts(search.reading);
  if (kind === 'link' || kind === 'webhook') return fromEntities(entities.filter((entity) => entity.kind === 'link'));
  if (kind === 'text') return texts(free.filter(({ role }) => role !== 'reason'));
  if (kind === 'reason') return texts(free.filter(({ role }) => role === 'reason'));
  if (field.key === 'namespace') return byShape(field, search);
  if (kind === 'choice' || kind === 'metrics') return choices(field, search);
  return kind === 'word' ? byShape(field, search) : NOTHING;
}

function fromEntities(entities: readonly Entity[]): Found {
  return {
    values: entities.map(({ value }) => value),
    spans: [...entities],
    vague: entities.some(({ vague }) => vague),
  };
}

function texts(parts: Reading['free']): Found {
  return { values: parts.map(({ text }) => text), spans: [...parts] };
}

/** 'from 2 to 4' is 4: the number behind 'to' is where it shall go. */
function counts({ entities, tokens }: Reading): Found {
  const numbers = entities.filter(({ kind }) => kind === 'count');
  const before = (entity: Entity) => tokens.filter((token) => token.end <= entity.start).at(-1)?.lower ?? '';
  const [first, second] = numbers;
  const range =
    numbers.length === 2 && first && second && before(first) === 'from' && before(second) === 'to' && !first.vague;
  return range
    ? { ...fromEntities([second]), spans: [{ start: first.start - 'from '.length, end: second.end }] }
    : fromEntities(numbers);
}

const STATISTICS: Readonly<Record<string, string>> = {
  avg: 'average',
  mean: 'average',
  max: 'maximum',
  peak: 'maximum',
  min: 'minimum',
};

function choices(field: InputField, { known, reading, lexicon }: Search): Found {
  const own = new Set(known.commands.flat());
  const matches = reading.words.flatMap((token) => {
    const parts = plainWord(token).split(/[,/+&]/);
    const concepts = field.kind === 'metrics' ? parts.flatMap((part) => lexicon.meaning(part)?.concepts ?? []) : [];
    const said = [
      ...parts,
      // One of many: 'tag' for 'tags'.
      ...parts.map((part) => `${part}s`),
      ...concepts,
      ...parts.map((part) => (Object.hasOwn(STATISTICS, part) ? STATISTICS[part] : undefined)),
    ];
    const values = field.choices.filter((choice) => said.includes(choice.toLowerCase()));
    return values.length > 0 && !token.quoted && !own.has(plainWord(token)) ? [{ token, values }] : [];
  });
  return { values: matches.flatMap(({ values }) => values), spans: matches.map(({ token }) => token) };
}

/** Fields for one word are known by what they are called. */
const WORD_SHAPES: readonly { key: RegExp; kinds: readonly EntityKind[] }[] = [
  { key: /^namespace$/, kinds: ['namespace'] },
  { key: /^(?:event|metric)_name$/, kinds: ['camel'] },
  { key: /^resource/, kinds: ['instance_id', 'alb_arn', 'target_group_arn', 'arn', 'pair'] },
];

function byShape(field: InputField, search: Search): Found {
  const kinds = WORD_SHAPES.find(({ key }) => key.test(field.key))?.kinds ?? [];
  const entities = search.reading.entities.filter(({ kind }) => kinds.includes(kind));
  return entities.length > 0 ? fromEntities(entities) : anchored(field, search);
}

const NAMING = new Set(['named', 'called', 'name']);

/** The name behind the word that announces it in one of the tool's phrases: 'instances named web'. */
function anchored(field: InputField, { known, reading, lexicon, used }: Search): Found {
  const announces = (word: string) =>
    known.anchors.get(word) === field.key || (field.key === 'name' && NAMING.has(word));
  const at = reading.tokens.findIndex((token) => announces(token.lower));
  const name = at < 0 ? undefined : reading.tokens[at + 1];
  const [anchor] = reading.tokens.slice(at);
  if (name === undefined || anchor === undefined || used.some((span) => overlaps(span, name))) return NOTHING;
  const quoted = name.quoted && name.text !== '';
  return quoted || isNameLike(name, lexicon)
    ? { values: [name.text], spans: [name, ...(NAMING.has(anchor.lower) ? [anchor] : [])] }
    : NOTHING;
}
