import { expect } from 'chai';
import fc from 'fast-check';
import { markedCard } from '../../../adapters/mcp/marked.ts';
import { anApproval } from '../views.ts';

const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '</tool_data>',
        '<tool_data tool="x">',
        '&lt;',
        '\u2039/tool_data\u203a',
        '\u202e',
        '\u200b',
        '\u0007',
        '\n',
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

const INVISIBLE = /(?!\n)[\p{Cc}\p{Default_Ignorable_Code_Point}]/u;

describe('a card for a model at MCP', () => {
  it('is one mark, whatever stands in it [L3, Q5]', () => {
    fc.assert(
      fc.property(hostile, hostile, (title, body) => {
        const told = markedCard({ kind: 'message', title, body }, 'list_alarms');

        const inside = told.slice('<tool_data tool="list_alarms">\n'.length, -'\n</tool_data>'.length);
        expect(told.startsWith('<tool_data tool="list_alarms">\n') && told.endsWith('\n</tool_data>')).to.equal(true);
        expect(inside).to.not.match(/[<>\u2039\u203a]|&(?!lt;|gt;|amp;|#x[\da-f]+;)/);
        expect(inside).to.not.match(INVISIBLE);
      }),
    );
  });

  it('keeps every sign that a reader needs, as a reference [L3, Q5]', () => {
    const told = markedCard({ kind: 'message', title: 'R&D', body: 'CPU < 40 % > 30 %' }, 'x');

    expect(told).to.contain('R&amp;D').and.contain('CPU &lt; 40 % &gt; 30 %');
  });

  it('says when it was cut [L3, Q5]', () => {
    const body = Array.from({ length: 400 }, (_, line) => `${line} ${'x'.repeat(90)}`).join('\n');

    const told = markedCard({ kind: 'message', title: 'long', body }, 'x');

    expect(told).to.match(/^<tool_data tool="x" cut="the end">/);
    expect(told.length).to.be.below(16_100);
  });

  it('holds neither token nor command; where people look further stays [L2, G5, Q5]', () => {
    const token = `approve-${'x'.repeat(43)}`;
    const link = { kind: 'link', label: 'Open in console', url: 'https://ops.example.com/#/approvals/chg-1' } as const;
    const card = anApproval();

    const told = markedCard({ ...card, token, actions: [...(card.actions ?? []), link] }, 'reboot_ec2');

    expect(told)
      .to.contain(link.url)
      .and.not.contain('approve-')
      .and.not.match(/approve token|because/);
  });
});
