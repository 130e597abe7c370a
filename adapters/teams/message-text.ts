import type { Mention } from './activity.ts';

const tags = /<at[^<>]*>([^<>]*)<\/at>/g;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * What the person typed: mentions of the bot gone, those of others as plain names, the entities of HTML as the characters
 * they stand for. Only a mention that Teams vouches for in `mentions` is one; every step takes one pass.
 */
export function typedText(text: string, mentions: readonly Mention[], botId: string): string {
  const names = new Map(
    mentions.map((mention) => [mention.text, mention.mentioned.id === botId ? '' : (mention.mentioned.name ?? '')]),
  );
  return text
    .replace(tags, (tag, inner: string) => names.get(tag) ?? inner)
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, decoded)
    .replace(/\u00a0/g, ' ')
    .replace(/\r\n?/g, '\n')
    .trim();
}

function decoded(entity: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return entities[name.toLowerCase()] ?? entity;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  const isScalar = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isScalar ? String.fromCodePoint(code) : entity;
}
