/** Every object of a card that has a `type`, in reading order. */
export function elements(node: unknown): Record<string, unknown>[] {
  if (Array.isArray(node)) return node.flatMap(elements);
  if (node === null || typeof node !== 'object') return [];
  const own = 'type' in node ? [node as Record<string, unknown>] : [];
  return [...own, ...Object.values(node).flatMap(elements)];
}

export function typesOf(node: unknown): string[] {
  return elements(node).map(({ type }) => String(type));
}

/** Every text a person sees, moments and Markdown as they are in the JSON. */
export function textsOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap((item) => (typeof item === 'string' ? [item] : textsOf(item)));
  if (node === null || typeof node !== 'object') return [];
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === 'string' ? (['text', 'title', 'altText', 'label'].includes(key) ? [value] : []) : textsOf(value),
  );
}
