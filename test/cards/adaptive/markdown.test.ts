import { expect } from 'chai';
import fc from 'fast-check';
import { escapeMarkdown } from '../../../cards/adaptive/escape.ts';
import { processMarkdown } from '../../../cards/adaptive/markdown.ts';
import { hostileTexts } from '../hostile.ts';

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function seen(html: string): string {
  return html.replace(/^<p>|<\/p>$/g, '').replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => named[name] ?? '');
}

describe('escapeMarkdown and processMarkdown', () => {
  it('shows any text as it was written', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom(...'\\*_[]()<>~`#+-=|&;1.a \n'), maxLength: 30 }),
    );

    fc.assert(fc.property(text, (written) => seen(processMarkdown(escapeMarkdown(written))) === written));
  });

  it('makes no element but paragraph and bold from any input', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...Object.values(hostileTexts)));

    fc.assert(
      fc.property(text, (written) => {
        const rest = processMarkdown(written).replaceAll(/<\/?(?:p|strong)>/g, '');
        return !/[<>]/.test(rest);
      }),
    );
  });

  it('reads bold, and a lonely mark as text', () => {
    const html = processMarkdown('**now** and ** later');

    expect(html).to.equal('<p><strong>now</strong> and ** later</p>');
  });

  it('leaves names that hosts do not misread without a backslash', () => {
    const names = ['web_1', 'i-0abc123def4567890', 'arn:aws:ecs:eu-west-1:123456789012:service/shop/checkout', '3.5 %'];

    const escaped = names.map(escapeMarkdown);

    expect(escaped).to.deep.equal(names);
  });

  it('takes the meaning from emphasis, links, lists and entities', () => {
    const texts = ['**a**', '_a_', '[a](b)', '- a', '1. a', '1) a', '# a', '&lt;', 'https://a', '<at>all</at>'];

    const escaped = texts.map(escapeMarkdown);

    expect(escaped).to.deep.equal([
      '\\*\\*a\\*\\*',
      '\\_a\\_',
      '\\[a\\](b)',
      '\\- a',
      '1\\. a',
      '1\\) a',
      '\\# a',
      '\\&lt;',
      'https\\://a',
      '\\<at\\>all\\</at\\>',
    ]);
  });
});
