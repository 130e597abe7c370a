import { MARK_SIGNS } from '../../bot/llm/untrusted.ts';
import { renderText } from '../../cards/text/render.ts';
import type { View } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';

/** UTF-16 units of one card as text. */
const LONGEST = 16_000;
const WIDTH = 100;

const NAMED: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/**
 * A card as text in one `tool_data` element that nothing inside can close or forge (L3): whatever AWS, people or a model put into it is
 * data. Without invisible characters; at most 16,000 UTF-16 units before the signs are escaped, the attribute `cut` says when that was not all.
 */
export function markedCard(view: View, tool: string): string {
  const whole = renderText(forModel(view), { width: WIDTH, color: false });
  const text = cleanText(whole, LONGEST, { keepLines: true });
  const cut = whole.length > LONGEST ? ' cut="the end"' : '';
  return `<tool_data tool="${tool}"${cut}>\n${text.replace(MARK_SIGNS, escaped)}\n</tool_data>`;
}

/** A model sees no token, and no commands that it could not give (L2). Where people look further is left. */
function forModel(view: View): View {
  const actions = view.actions?.filter(({ kind }) => kind === 'link');
  return view.kind === 'approval' ? { ...view, actions, token: undefined } : { ...view, actions };
}

const escaped = (sign: string): string => NAMED[sign] ?? `&#x${sign.charCodeAt(0).toString(16)};`;
