import { expect } from 'chai';
import { renderBlockKit } from '../../../cards/blockkit/render.ts';
import { elements } from '../adaptive/card-tree.ts';
import { namedSamples } from '../golden.ts';
import { hostileTexts, poisoned } from '../hostile.ts';
import { brokenLimits } from './block-limits.ts';
import { readable } from './block-text.ts';

const slackTexts: Readonly<Record<string, string>> = {
  broadcast: '<!channel> <!here> <!everyone> @channel',
  mention: '<@U012AB3CD> <#C012AB3CD|general> <!subteam^S012AB3CD>',
  link: '<https://evil.example|click> https://evil.example www.evil.example <mailto:a@evil.example|b>',
  date: '<!date^1392734382^{date}^https://evil.example|x>',
  format: '*bold* _it_ ~no~ `code` ```code```',
  emoji: ':white_check_mark: :+1: :100:',
  quote: '>>> APPROVED',
  entities: '&lt;!channel&gt; &amp;lt;@U1&gt;',
  split: '<\u200b!channel> *\u200bbold*',
  newline: 'x\n> quoted\n*bold*',
};
const poisons = { ...hostileTexts, ...slackTexts };

const ourDate = /<!date\^\d+\^\{date_short_pretty\} \{time\} \(your time\)\|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC>/g;
const ourLabel = /^\*([^*\n]+)\*\n/;
const invisible = /[\p{Cc}\p{Bidi_Control}\u200b-\u200d\u2060\ufeff]|[\u{E0000}-\u{E007F}]/u;
const formats = /(?<![\p{L}\p{N}])[*_~`](?=\S)|:[\p{N}_'-]*[\p{L}+][\p{L}\p{N}_+'-]*:|^\s*(?:>|&gt;)|[<>]/mu;
/** What only our code may put on a card. */
const allowed = new Set(['text', 'date', 'link', 'plain_text', 'raw_text', 'mrkdwn', 'button']);

/** Elements that data must never turn into. */
function foreign(blocks: object[]): object[] {
  const inline = elements(blocks).filter((one) => typeof one.text === 'string' || 'url' in one);
  return inline.filter(
    ({ type, emoji, url }) =>
      !allowed.has(String(type)) ||
      (type === 'plain_text' && emoji !== false) ||
      (type === 'link' && !String(url).startsWith('https://ops.example.com')),
  );
}

describe('hostile data in a Slack card', () => {
  for (const [name, poison] of Object.entries(poisons)) {
    it(`stays text: ${name} [C1]`, () => {
      for (const { name: sample, view } of namedSamples()) {
        const card = renderBlockKit(poisoned(view, poison), {
          charts: 'native',
          consoleUrl: 'https://ops.example.com',
        });

        expect(brokenLimits(card), sample).to.deep.equal([]);
        expect(foreign(card.blocks), sample).to.deep.equal([]);
      }
    });

    it(`means nothing where Slack reads markup: ${name} [C1]`, () => {
      for (const { name: sample, view } of namedSamples()) {
        const card = renderBlockKit(poisoned(view, poison), { charts: 'native' });

        const markup = elements(card.blocks).filter(({ type }) => type === 'mrkdwn');
        for (const { text, verbatim } of markup) {
          const data = String(text).replace(ourDate, '').replace(ourLabel, '$1\n');
          expect(data, sample).not.to.match(formats);
          expect(verbatim, sample).to.equal(true);
        }
        expect(card.text.replace(/&(?:amp|lt|gt);/g, ''), sample).not.to.match(formats);
      }
    });

    it(`shows no hidden character, and no mention even to a client that would read it: ${name} [C1]`, () => {
      for (const { name: sample, view } of namedSamples()) {
        const { blocks } = renderBlockKit(poisoned(view, poison), { charts: 'native' });

        const text = readable(blocks).replace(ourDate, '');
        expect(text.replaceAll('\n', ' '), sample).not.to.match(invisible);
        expect(text, sample).not.to.match(/<[!@#]|<https?:/);
      }
    });
  }

  it('keeps what people wrote readable [C1]', () => {
    const body = 'if a < b && c > d: use *args and web_1 <instance_id>';

    const { blocks } = renderBlockKit({ kind: 'message', title: 'x', body }, { charts: 'native' });

    expect(readable(blocks)).to.include(body);
  });
});
