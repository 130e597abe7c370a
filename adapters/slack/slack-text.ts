/** What Slack makes of names, links and dates in a text: `<@U…>`, `<#C…|name>`, `<!here>`, `<https://…|label>`. */
const entity = /<([^<>]{1,3000})>/g;
const escapes: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/**
 * Text as the person saw it: mentions, channels and links as plain words, the bot's own mention taken out. A person who
 * types `<@U…>` by hand arrives as `&lt;@U…&gt;`, so that nobody can write an entity.
 */
export function plainText(text: string, botUserId: string): string {
  const read = text.replace(entity, (_, inner: string) => words(inner, botUserId));
  return read
    .replace(/&(?:lt|gt|amp);/g, (escaped) => escapes[escaped] ?? escaped)
    .replace(/^[\s,:]+/, '')
    .toWellFormed()
    .trim();
}

function words(inner: string, botUserId: string): string {
  const bar = inner.indexOf('|');
  const target = bar === -1 ? inner : inner.slice(0, bar);
  const label = bar === -1 ? '' : inner.slice(bar + 1);
  if (target === `@${botUserId}`) return '';
  if (target.startsWith('@')) return `@${label.replace(/^@/, '') || target.slice(1)}`;
  if (target.startsWith('#')) return `#${label || target.slice(1)}`;
  if (target.startsWith('!')) return label || `@${target.slice(1)}`;
  return label || target.replace(/^(?:mailto|tel):/, '');
}
