import { expect } from 'chai';
import { typedText } from '../../../adapters/teams/message-text.ts';
import { BOT } from './people.ts';

const bot = { type: 'mention', text: '<at>OpsAgent</at>', mentioned: { id: BOT, name: 'OpsAgent' } } as const;
const bob = { type: 'mention', text: '<at>Bob</at>', mentioned: { id: '29:bob', name: 'Bob Example' } } as const;

describe('what a person typed in Teams', () => {
  const cases: [what: string, text: string, typed: string][] = [
    ['a mention of the bot', '<at>OpsAgent</at> list ec2 instances', 'list ec2 instances'],
    ['a mention of the bot behind the words', 'which alarms are firing? <at>OpsAgent</at>', 'which alarms are firing?'],
    ['two mentions of the bot', '<at>OpsAgent</at> help <at>OpsAgent</at>', 'help'],
    ['a mention of somebody else', '<at>OpsAgent</at> ask <at>Bob</at>', 'ask Bob Example'],
    ['a tag that Teams does not vouch for', '<at>Carol</at> help', 'Carol help'],
    ['a hard space', '<at>OpsAgent</at>&nbsp;list\u00a0alarms', 'list alarms'],
    ['entities', 'a &lt; b &amp;&amp; c &gt; d &quot;x&quot; &#39;y&#x27;', `a < b && c > d "x" 'y'`],
    ['an entity that is none', 'a &bogus; &#xd800; &#9999999;', 'a &bogus; &#xd800; &#9999999;'],
    ['what would be an entity of an entity', '&amp;lt;at&amp;gt;', '&lt;at&gt;'],
    ['line ends of every kind', 'one\r\ntwo\rthree\n', 'one\ntwo\nthree'],
    ['nothing but a mention', '<at>OpsAgent</at>', ''],
    ['a tag that never ends', '<at>OpsAgent <at>OpsAgent</at> help', '<at>OpsAgent  help'],
  ];
  for (const [what, text, typed] of cases) {
    it(`is told apart from ${what} [C2]`, () => {
      expect(typedText(text, [bot, bob], BOT)).to.equal(typed);
    });
  }

  it('is read in one pass, however many mentions stand there [C2]', () => {
    const mentions = Array.from({ length: 1_000 }, (_, n) => ({
      type: 'mention' as const,
      text: `<at>P${n}</at>`,
      mentioned: { id: `29:${n}`, name: `Person ${n}` },
    }));
    const text = mentions.map((mention) => mention.text).join(' ') + '<at'.repeat(40_000) + '&'.repeat(40_000);
    const started = performance.now();

    const typed = typedText(text, mentions, BOT);

    expect(performance.now() - started).to.be.lessThan(50);
    expect(typed).to.match(/^Person 0 Person 1 /);
  });
});
