import { expect } from 'chai';
import fc from 'fast-check';
import { safeModelText } from '../../../bot/llm/model-text.ts';
import { canaries } from './canaries.ts';
import { injections } from './injections.ts';

const MOST = 4_000;

/** What a person or a client could follow, or what would load by itself. */
const live: Readonly<Record<string, RegExp>> = {
  'a scheme': /:[/\\]{2}/,
  'a scheme without slashes': /(?<![\p{L}\p{N}_.:-])(?:mailto|tel|sms|data|https?):(?!\d)[^\s<>"`|]/iu,
  script: /(?:java|vb)script\s*:/i,
  'a host of the web': /(?<![\p{L}\p{N}_.-])www\.[\p{L}\p{N}]/iu,
  'a link without scheme': /(?<![\p{L}\p{N}_.:/\\-])\/\/[\p{L}\p{N}]/u,
  'a path on an address': /(?<![\p{L}\p{N}_.-])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\/[a-z]/iu,
  'a link in Markdown': /\]\(/,
  'an image': /!\[[^[\]]*\][([]/,
  markup: /<[a-z/!?@#]/i,
  'what nobody sees': /(?![\n\t])[\p{Cc}\p{Default_Ignorable_Code_Point}]/u,
};

function expectInert(safe: string) {
  for (const [what, pattern] of Object.entries(live)) expect(safe, what).not.to.match(pattern);
}

const removals: readonly (readonly [text: string, safe: string])[] = [
  ['see [the runbook](https://evil.example/x?d=1 "title") now', 'see the runbook now'],
  ['[a](<https://evil.example/a b>) [b](/relative) [c](#part)', 'a b c'],
  ['[web-2](https://evil.example/a_(b))', 'web-2'],
  ['[one [two] three](https://evil.example)', '[one [two] three]'],
  ['[words][ref]\n\n[ref]: https://evil.example/x', 'words\n\n[ref]: (link removed)'],
  ['ok ![x](https://evil.example/p.png?d=1) ![y][ref] ok', 'ok (image removed) (image removed) ok'],
  ['[![x](https://evil.example/p.png)](https://evil.example)', '(image removed)'],
  ['<https://evil.example/x> and <www.evil.example>', '(link removed) and (link removed)'],
  ['<https://evil.example/x|the page> <mailto:a@evil.example|mail>', 'the page mail'],
  ['<!channel> <@U0BOT> <#C01|ops>', '(mention removed) (mention removed) ops'],
  ['(see https://evil.example/x?d=1&e=2).', '(see (link removed)).'],
  ['HTTPS://EVIL.EXAMPLE, ftp://evil.example; s3://bucket/key', '(link removed), (link removed); (link removed)'],
  ['1https://evil.example \u043d\u0442://evil.example', '(link removed) (link removed)'],
  [
    'https:evil.example https:\\\\evil.example https:\\/\\/evil.example',
    '(link removed) (link removed) (link removed)',
  ],
  ['www.evil.example/x WWW2.evil.example', '(link removed) (link removed)'],
  ['go to //evil.example/x or \\\\evil\\share', 'go to (link removed) or (link removed)'],
  [
    'data:text/html;base64,AAAA or mailto:a@evil.example or tel:112',
    '(link removed) or (link removed) or (link removed)',
  ],
  ['javascript:alert and JavaScript :x', '(link removed) and (link removed)'],
  ['169.254.169.254/latest/meta-data', '169.254.169.254 (link removed)'],
  ['10.0.0.1:8080/x 10.0.0.1/16/x 10.0.0.1?d=x', `${'10.0.0.1 (link removed) '.repeat(3).trim()}`],
  ['evil.example/c?d=AAAA', 'evil.example (link removed)'],
  ['<a href="https://evil.example">words</a><br/><script>x()</script>', 'wordsx()'],
  ['cpu <img src="https://evil.example/p.png"> ok', 'cpu (image removed) ok'],
  ['<img src=//evil.example/x', '< img src=(link removed)'],
  ['h<b>ttps://evil.example', '(link removed)'],
  ['[a](ht![x](y)tps://evil.example)', 'a'],
  ['java&#115;cript&colon;x &lt;b&gt;&#x68;ttps://evil.example', '(link removed) (link removed)'],
  ['ht\u200btps:/\u2060/evil.example \u202eb\u202c \u{e0041}', '(link removed) b '],
  ['https://alice:tr0ub4dor@evil.example/x', '(link removed)'],
];

const harmless: readonly string[] = [
  'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/73e2d6bc24d8a067 and arn:aws:s3:::b//x',
  'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/x, arn:aws:sms:eu-west-1:123456789012:x',
  'i-0bad5eed2c0ffee02 (web-2): running, CPU 96 % [r1]',
  'internal-web-123.eu-west-1.elb.amazonaws.com answers 503',
  '10.0.0.0/16, 192.168.1.0/24. ::/0 and 10.0.0.0/16-10.1.0.0/16; 10.0.0.5:443 is healthy, is 10.0.0.6?',
  '/var/log/messages, ./a//b, C:\\Windows\\x, s3 in docs/setup.md',
  'AWS/EC2 CPUUtilization, AWS/ApplicationELB',
  'at 10:30, at 2026-01-01T10:30:00Z, from 10:30:00 to 11:00',
  'key=value&x=y; kubernetes.io/cluster/prod=owned; a && b; R&D',
  'listeners HTTPS:443, HTTP:80/health and TCP:22',
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1.2@sha256:abcdef',
  'cpu < 5 and mem > 3, a <- b, 5<6, => ok',
  '- **one**\n- `two`\n\n1. three\n\n> four\t_five_ list[0] Instances[*].[Id] [1] see',
  'alice@example.com asked; data: 5 points; user-data:x metadata:y',
  'naïve Übergröße 東京 مرحبا हिन्दी 🚀 €',
];

const nasty: readonly string[] = [
  ...['[', '](', '![', '](a', '[a](', '[a][', '(', '()', '](()', '](x)', '](([', '[a](b(c)', '![a]', '[a](b)'],
  ...['<', '<a', '<!', '<a|', '<a b|', '<a:', '<:', '<a-', '<a-b', '<a_b', '<@', '<a@', '<x.y', '<img ', '<b>', '>'],
  ...['https://', '://', '//', '/', '\\', '\\\\', ':', '::', '://)', 'www.', 'www.a', 'data:', 'mailto:', 'tel:'],
  ...['javascript:', 'java', 'javascript ', 'https:', 'a.', 'a.bb', 'a.bb/', 'aa.bb/,', 'a.bb?', 'a.bb:1', 'a-', 'a+'],
  ...['1.', '1.1.1.1', '1.1.1.1/', '1.1.1.1/1', '1.1.1.1:1', '&', '&#', '&#60;', '&lt;', '&amp;', '&amp;amp;', '&a'],
  ...['a', 'é', ' ', '\n', '\t', '.', '*', '***', '[redacted ', 'token=', '"', '\u200b', '\u202e', '\ud800', '\u001b]'],
];

function bestOfThree(text: string): number {
  const runs = [0, 1, 2].map(() => {
    const start = performance.now();
    safeModelText(text, 100_000);
    return performance.now() - start;
  });
  return Math.min(...runs);
}

describe('safeModelText', () => {
  for (const [text, expected] of removals) {
    it(`takes out what leads away and keeps the words: ${JSON.stringify(text)} [L3]`, () => {
      const safe = safeModelText(text, MOST);

      expect(safe).to.equal(expected);
      expectInert(safe);
    });
  }

  for (const text of harmless) {
    it(`leaves what operations talk about: ${JSON.stringify(text.slice(0, 50))} [L3]`, () => {
      const safe = safeModelText(text, MOST);

      expect(safe).to.equal(text);
    });
  }

  it('keeps a placeholder and an e-mail address as words', () => {
    const safe = safeModelText('reboot <instance-id> for <bob@example.com>', MOST);

    expect(safe).to.equal('reboot instance-id for bob@example.com');
  });

  it('shows no secret, plain, in a link, between marks, or cut by what is taken out [A5, L3]', () => {
    for (const [text, secret] of canaries) {
      const forms = [
        text,
        `[see](https://evil.example/?d=${text})`,
        `<b>${text}</b> **${text}** (${text})`,
        text.replace(/(.{6})/g, '$1\u200b'),
        text.replace(/^(.{3})/, '$1<b>'),
        text.replace(/^(.{3})/, '$1&#8203;'),
      ];

      const safe = forms.map((form) => safeModelText(`before ${form} after`, MOST)).join('\n');

      expect(safe, text).not.to.include(secret);
    }
  });

  it('makes every injection inert when the model repeats it [L3]', () => {
    const safe = injections.map(({ text }) => safeModelText(`It says: ${text}`, MOST));

    for (const text of safe) expectInert(text);
    expect(safe.filter((text) => text.startsWith('It says: ')).length).to.equal(injections.length);
  });

  it('cuts to the length with an ellipsis, and needs no second cut', () => {
    const texts = [
      '10.0.0.0/16 is the range',
      'see https://evil.example/x now',
      'abc🚀def',
      'a [b](c) d',
      '<instance-id>',
    ];

    const cuts = texts.flatMap((text) =>
      Array.from({ length: 24 }, (_, most) => [safeModelText(text, most), most] as const),
    );

    for (const [cut, most] of cuts) {
      expect(cut.length).to.be.at.most(most);
      expect(safeModelText(cut, most)).to.equal(cut);
    }
    expect(safeModelText('abcdef', 4)).to.equal('abc…');
  });

  it('leaves the whole text out when links stand in links without end [L3]', () => {
    const text = `https&${'amp;'.repeat(20)}colon;//evil.example`;

    const safe = safeModelText(text, MOST);

    expect(safe).to.match(/^The text of the model was left out/);
    expect(safeModelText(safe, MOST)).to.equal(safe);
  });

  it('is inert, within the length and its own result, whatever the model writes [L3]', () => {
    const bit = fc.oneof(fc.constantFrom(...nasty), fc.constantFrom('evil.example', 'x', 'ttps', ')', ']', '|'));
    const text = fc.oneof(
      fc.array(bit, { maxLength: 25 }).map((bits) => bits.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, fc.nat(300), (written, most) => {
        const safe = safeModelText(written, most);

        expectInert(safe);
        expect(safe.length).to.be.at.most(most);
        expect(safe.isWellFormed()).to.equal(true);
        expect(safeModelText(safe, most)).to.equal(safe);
      }),
      { numRuns: 3_000 },
    );
  });

  it('lets no canary through among marks of any kind [A5]', () => {
    // A name in front of a name is taken for the secret itself by `redact`.
    const marks = nasty.filter((bit) => bit !== 'token=' && bit !== '[redacted ');
    const around = fc.array(fc.constantFrom(...marks), { maxLength: 6 });
    fc.assert(
      fc.property(around, fc.constantFrom(...canaries), around, (before, [text, secret], after) => {
        const safe = safeModelText(`${before.join('')} ${text} ${after.join('')}`, MOST);

        expect(safe).not.to.include(secret);
      }),
      { numRuns: 1_000 },
    );
  });

  it('needs under 100 ms for 50,000 characters of each nasty kind', () => {
    const texts = nasty.flatMap((bit) => ['', 'x', '>', ')'].map((end) => bit.repeat(50_000 / bit.length) + end));

    const slowest = Math.max(...texts.map(bestOfThree));

    expect(slowest).to.be.below(100);
  }).timeout(60_000);

  it('needs under 100 ms for 50,000 characters of any mixture', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...nasty), { minLength: 1, maxLength: 6 }), (bits) => {
        const unit = bits.join('');

        expect(bestOfThree(unit.repeat(50_000 / unit.length))).to.be.below(100);
      }),
      { numRuns: 100 },
    );
  }).timeout(60_000);
});
