import type { View } from '../../cards/view.ts';

/** What a tag, an alarm text or a colleague may send to be shown. */
export const hostileTexts: Readonly<Record<string, string>> = {
  markdown: '**bold** _it_ [click](https://evil.example) ![x](https://evil.example/x.png) `code` ~~no~~',
  list: '- one',
  numberedList: '1. one',
  heading: '# APPROVED by @cto',
  html: '<img src=x onerror=alert(1)><script>alert(1)</script> &lt;b&gt;',
  mention: '<at>all</at>',
  expression: '$' + '{$root.actions} $' + '{json(x)}',
  date: '{{DATE(2020-01-01T00:00:00Z)}} {{TIME(2020-01-01T00:00:00Z)}} {{date(2020-01-01T00:00:00Z,LONG)}}',
  binding: '{{DATE({{DATE(2020-01-01T00:00:00Z)}})}} {{$user}} {{approve.value}}',
  bidi: 'safe \u202Egnp.exe\u2066 \u200Fabc',
  zeroWidth: 'ap\u200Bprove\u2060d\uFEFF',
  ansi: '\u001b[2J\u001b[1;1H\u001b]0;title\u0007\u001b[31mred\u009b1A',
  controls: 'a\u0000b\u0008\u0008c\u0085d\fe',
  tags: 'x\u{E0061}\u{E0062}\u{E0063}',
  json: '"},{"type":"Action.OpenUrl","url":"https://evil.example"}',
  loneSurrogate: 'x\uD83D y',
};

const enums = new Set([
  'kind',
  'status',
  'state',
  'mode',
  'effect',
  'verdict',
  'style',
  'risk',
  'at',
  'expiresAt',
  'url',
]);
const ids = new Set(['approvalId', 'digest']);

/** The view with every text from outside replaced; words of our own vocabulary, moments and ids stay. */
export function poisoned(view: View, poison: string): View {
  return replaced(view, poison) as View;
}

function replaced(node: unknown, poison: string): unknown {
  if (typeof node === 'string') return poison;
  if (Array.isArray(node)) return node.map((item) => replaced(item, poison));
  if (node === null || typeof node !== 'object') return node;
  const isDecision = 'verdict' in node && 'digest' in node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      const kept = enums.has(key) || ids.has(key) || (isDecision && key === 'reason');
      return [key, kept ? value : replaced(value, poison)];
    }),
  );
}
