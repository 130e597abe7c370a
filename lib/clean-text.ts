import { redact } from './redact.ts';

interface Options {
  /** Keeps line breaks and tabs; without it each becomes a space. */
  keepLines?: boolean;
}

/** Colours, cursor moves, window titles: whole sequences, so that their letters do not stay behind. */
const terminalSequence =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[\]P^_X]|[\u009d\u0090])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;
const lineBreak = /\r\n?|[\u0085\u2028\u2029]/g;
/** C0 and C1 controls, and all that no reader sees: bidi controls, zero-width, tags, variation selectors, fillers. */
const unseen = /[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;
const unseenButLines = /(?![\n\t])[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/**
 * Text from outside, made safe to show and to log: what a person sees is all that is there.
 * The result has at most `maxLength` UTF-16 units, an ellipsis at the end when something was cut, and never half a character. What is
 * to be cut loses its secrets first: half of one could not be told from a name any more (A5).
 */
export function cleanText(text: string, maxLength: number, { keepLines = false }: Options = {}): string {
  const lines = text.toWellFormed().replace(terminalSequence, '').replace(lineBreak, '\n');
  const clean = keepLines ? lines.replace(unseenButLines, '') : lines.replace(/[\n\t]/g, ' ').replace(unseen, '');
  if (clean.length <= maxLength) return clean;
  if (maxLength < 1) return '';
  const safe = redact(clean);
  if (safe.length <= maxLength) return safe;
  const cut = safe.slice(0, maxLength - 1);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
