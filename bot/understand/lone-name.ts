import type { JsonObject } from '../../lib/json.ts';
import { isNameLike } from './names.ts';
import { type Ask, ask } from './question.ts';
import { plainWord, type Reading } from './reading.ts';
import type { Token } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';
import { BENIGN, EMPTY, spoken, WEAK } from './words.ts';

const METRICS = ['cpu', 'memory', 'network'];
const ASKED = new Set(['status', ...METRICS]);
const ASKING = new Set(['how', 'is', 'up', 'down', 'check']);

/**
 * 'how is web-2 doing?', 'is checkout ok?': a state is asked for and only a name is given, which is not enough for a
 * call. A name that ends in a number is taken for an instance's, any other for a service's; either way it is asked about.
 */
export function askAboutName(vocabulary: Vocabulary, reading: Reading): Ask | undefined {
  const name = loneName(vocabulary, reading);
  if (name === undefined) return undefined;
  const metrics = METRICS.filter((metric) => concepts(reading).includes(metric)).join(',');
  const isInstance = metrics !== '' || /\d$/.test(name.text);
  const known = vocabulary.byName(isInstance ? 'get_ec2_status' : 'get_ecs_service_status');
  if (known === undefined) return undefined;
  const time = reading.entities.find(({ kind }) => kind === 'time_window')?.value;
  const input: JsonObject = isInstance
    ? { ...(metrics !== '' && { metrics }), ...(time !== undefined && { time_window: time }) }
    : { service: name.text };
  const missing = isInstance ? 'instance_id' : 'cluster';
  const because = isInstance ? `“${name.text}” is not an instance id.` : `“${name.text}” may be an ECS service.`;
  return ask(vocabulary, known, { by: 'phrases', known: input, missing, because });
}

function loneName({ lexicon }: Vocabulary, reading: Reading): Token | undefined {
  const { words, entities, free, meanings } = reading;
  if (free.length > 0 || entities.some(({ kind }) => kind !== 'time_window')) return undefined;
  const names = words.filter((word) => isNameLike(word, lexicon) && meanings.get(word) === undefined);
  const [name] = names;
  const others = words.filter((word) => word !== name);
  const isPlain = (word: Token) => isEmpty(word) || meanings.get(word)?.concepts.some((one) => ASKED.has(one));
  const asks = others.some((word) => spoken(plainWord(word)).some((one) => ASKING.has(one)));
  const about = asks || concepts(reading).some((one) => ASKED.has(one));
  const article = name && reading.tokens[reading.tokens.indexOf(name) - 1]?.lower === 'the';
  return names.length === 1 && !article && about && others.every(isPlain) ? name : undefined;
}

function isEmpty(word: Token): boolean {
  return spoken(plainWord(word)).every((one) => EMPTY.has(one) || WEAK.has(one) || BENIGN.has(one));
}

function concepts({ meanings }: Reading): string[] {
  return [...meanings.values()].flatMap((meaning) => meaning?.concepts ?? []);
}
