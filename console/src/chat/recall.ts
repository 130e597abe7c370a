/**
 * The text that Up or Down brings into the input; undefined when the key keeps its usual meaning. Only an empty input
 * or one that holds an untouched earlier text is replaced, so nothing half typed is lost.
 *
 * @param recent newest first, each text once
 */
export function recall(key: string, text: string, recent: readonly string[]): string | undefined {
  const at = text === '' ? -1 : recent.indexOf(text);
  if (text !== '' && at === -1) return undefined;
  if (key === 'ArrowUp') return recent[at + 1];
  if (key === 'ArrowDown' && at >= 0) return recent[at - 1] ?? '';
  return undefined;
}
