import { elements } from '../adaptive/card-tree.ts';

/** What people read, one line a block or line of it; moments as their fallback. */
export function readable(node: unknown): string {
  if (Array.isArray(node)) return node.map(readable).join('\n');
  if (typeof node !== 'object' || node === null) return '';
  const { type, text, fallback, title, ...rest } = node as Record<string, unknown>;
  if (type === 'date') return String(fallback);
  if (/^rich_text_(section|quote)$/.test(String(type))) return (rest.elements as unknown[]).map(readable).join('');
  const own = typeof text === 'string' ? text : readable(text);
  const heading = typeof title === 'string' ? title : readable(title);
  return [own, heading, ...['fields', 'elements', 'rows', 'blocks', 'label'].map((key) => readable(rest[key]))]
    .filter((line) => line !== '')
    .join('\n');
}

/** The buttons, in order. */
export function buttons(blocks: readonly object[]): Record<string, unknown>[] {
  return elements(blocks).filter(({ type }) => type === 'button');
}
