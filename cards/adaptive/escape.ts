import { cleanText } from '../../lib/clean-text.ts';

/**
 * Data for a place that knows no Markdown (a text run, a button, an alternative text): invisible and control
 * characters gone, length capped, and date macros taken apart, since hosts replace those even in plain runs.
 */
export function plain(text: string, maxLength: number): string {
  return cleanText(text, maxLength).replace(/\{\{(?=(?:DATE|TIME)\()/gi, '{ {');
}

/**
 * Data for a `TextBlock`, where hosts read Markdown: shown as it is written. Only characters that would mean something
 * are escaped, because some mobile hosts show the backslash of an escape that was not needed.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*[\]<>~|]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/&(?=#|\w)/g, '\\&')
    .replace(/^(\s*)([-+=](?=\s|[-=]|$)|#)/gm, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/gm, '$1\\$2')
    .replace(/\b(https?|ftp|mailto):/gi, '$1\\:')
    .replace(/\bwww\./gi, (match) => match.replace('.', '\\.'));
}
