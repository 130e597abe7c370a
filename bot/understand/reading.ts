import { type Entity, findEntities } from './entities.ts';
import type { Lexicon, Meaning } from './lexicon.ts';
import { findNames, type Name } from './names.ts';
import type { Span } from './spans.ts';
import { overlaps } from './spans.ts';
import { type Token, tokenize } from './tokens.ts';

/** Text a sentence carries along without being part of what it asks: a quotation, a record's summary, a reason. */
export interface FreeText extends Span {
  role: 'quote' | 'tail' | 'reason';
  text: string;
}

/** A sentence with everything recognisable in it. */
export interface Reading {
  message: string;
  /** Tokens outside free text and entities. */
  words: readonly Token[];
  tokens: readonly Token[];
  free: readonly FreeText[];
  entities: readonly Entity[];
  names: readonly Name[];
  meanings: ReadonlyMap<Token, Meaning | undefined>;
}

/** `tail` is where the sentence stops and a text begins, when it does. */
export function readSentence(message: string, lexicon: Lexicon, tail?: FreeText): Reading {
  const all = tokenize(message);
  const outside = tail ? all.filter((token) => token.end <= tail.start) : all;
  const reason = reasonTail(message, outside);
  const tokens = reason ? outside.filter((token) => token.end <= reason.start) : outside;
  const free = [...tokens.flatMap(quotation), ...(reason ? [reason] : []), ...(tail ? [tail] : [])];
  const entities = findEntities(message, tokens, free);
  const spans = [...free, ...entities.filter(({ vague }) => !vague)];
  const words = tokens.filter((token) => !spans.some((span) => overlaps(span, token)));
  const names = findNames(tokens, [...entities, ...free.map(asObstacle)], lexicon);
  return { message, words, tokens, free, entities, names, meanings: meaningsOf(words, lexicon) };
}

function asObstacle({ start, end }: Span): Entity {
  return { kind: 'link', value: '', start, end };
}

function quotation(token: Token): FreeText[] {
  return token.quoted && token.key === undefined
    ? [{ role: 'quote', text: token.text, start: token.start, end: token.end }]
    : [];
}

/** '… because it hangs', '… reason: it hangs', '… due to a leak': to the end of the message. */
function reasonTail(message: string, tokens: readonly Token[]): FreeText | undefined {
  const at = tokens.findIndex(({ lower, tail, quoted }, index) => {
    if (quoted || index === 0) return false;
    return (
      lower === 'because' ||
      (lower === 'reason' && tail === ':') ||
      (lower === 'due' && tokens[index + 1]?.lower === 'to')
    );
  });
  const [opening, first] = [tokens[at], tokens[at + (tokens[at]?.lower === 'due' ? 2 : 1)]];
  if (opening === undefined || first === undefined) return undefined;
  const quoted = first.quoted && first === tokens.at(-1);
  const text = quoted ? first.text : message.slice(first.start, tokens.at(-1)?.end).trim();
  return { role: 'reason', text, start: opening.start, end: tokens.at(-1)?.end ?? first.end };
}

function meaningsOf(words: readonly Token[], lexicon: Lexicon): Reading['meanings'] {
  return new Map(words.map((word) => [word, word.quoted ? undefined : lexicon.meaning(plainWord(word))]));
}

/** '`don’t`' and 'reboot!!!' as the words they are. */
export function plainWord({ lower }: Token): string {
  return lower.replace(/’/g, "'").replace(/^[-*_>]{1,3}|[-*_.…]{1,3}$/g, '');
}
