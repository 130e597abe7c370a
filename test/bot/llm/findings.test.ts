import { expect } from 'chai';
import fc from 'fast-check';
import { parseFindings, REPORT_FINDINGS } from '../../../bot/llm/findings.ts';
import type { JsonObject } from '../../../lib/json.ts';

const READ = 'read-0123456789ab';

function aReport(overrides: JsonObject = {}): JsonObject {
  return {
    summary: 'One of two targets is down.',
    findings: [{ text: 'web-1 answers 502.', status: 'confirmed', confidence: 'high', evidence: [READ] }],
    alternatives: [{ text: 'A deployment', why_not: 'None was made.' }],
    proposed: [
      {
        tool: 'reboot_ec2',
        input: { instance_id: 'i-0abc' },
        expected_effect: 'It comes back.',
        undo: 'There is none.',
      },
    ],
    ...overrides,
  };
}

/** A report that uses every limit. */
function longest(): JsonObject {
  const text = (length: number) => 'x'.repeat(length);
  return {
    summary: text(600),
    findings: Array(8).fill({ text: text(400), status: 'likely', confidence: 'low', evidence: Array(8).fill(READ) }),
    alternatives: Array(5).fill({ text: text(300), why_not: text(300) }),
    proposed: Array(4).fill({
      ...{ tool: text(64), expected_effect: text(300), undo: text(300) },
      input: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key_${n}`, text(200)])),
    }),
  };
}

function problemsOf(input: unknown): string {
  const parsed = parseFindings(input);
  return parsed.ok ? '' : parsed.problems;
}

const nested = (depth: number): unknown => (depth === 0 ? 1 : { deeper: nested(depth - 1) });
const withInput = (input: unknown): unknown => ({
  ...aReport(),
  proposed: [{ tool: 'reboot_ec2', input, expected_effect: 'x', undo: 'y' }],
});

describe('the report of findings', () => {
  it('is taken as it is when it keeps to the schema, also at every limit [L7]', () => {
    for (const report of [aReport(), longest(), aReport({ alternatives: [], proposed: [] })])
      expect(parseFindings(report)).to.deep.equal({ ok: true, report });
  });

  const refused: readonly [what: string, report: unknown, words: RegExp][] = [
    ['a text too long', aReport({ summary: 'x'.repeat(601) }), /summary: .*600/],
    ['an empty text', aReport({ summary: ' \n ' }), /summary: /],
    ['no finding', aReport({ findings: [] }), /findings: /],
    ['nine findings', { ...aReport(), findings: Array(9).fill(aReport().findings) }, /findings: .*8/],
    ['an unknown status', { ...aReport(), findings: [{ status: 'certain' }] }, /findings\.0\.status: .*"confirmed"/],
    ['a number for a word', { ...aReport(), findings: [{ confidence: 1e308 }] }, /findings\.0\.confidence: .*"high"/],
    ['evidence that is no read', { ...aReport(), findings: [{ evidence: ['r1'] }] }, /evidence\.0: .*read-/],
    ['a key too many', aReport({ approved: true }), /report: .*"approved"/],
    [
      'a key too many inside',
      { ...aReport(), alternatives: [{ text: 'a', why_not: 'b', c: 1 }] },
      /alternatives\.0: .*"c"/,
    ],
    ['a list as input', withInput([1]), /proposed\.0\.input: /],
    ['no object', 'web-1 is down', /report: .*object/],
    ['nothing', undefined, /report: /],
  ];
  for (const [what, report, words] of refused) {
    it(`is refused for ${what}, in words that say where [L7]`, () => {
      expect(problemsOf(report)).to.match(words);
    });
  }

  it('is refused with a key __proto__ anywhere, and no prototype changes [L7]', () => {
    const whole = JSON.stringify(aReport());
    const texts = [
      whole.replace('{', '{"__proto__":{"approved":true},'),
      whole.replace('"instance_id"', '"__proto__":{"approved":true},"instance_id"'),
      '{"__proto__":null}',
    ];

    const problems = texts.map((text) => problemsOf(JSON.parse(text)));

    expect(problems).to.deep.equal(texts.map(() => 'report: no key may be called __proto__'));
    expect({}).to.not.have.property('approved');
  });

  it('is refused at once when it is huge, deep or endless [L7]', () => {
    const circle: Record<string, unknown> = {};
    circle.again = circle;
    const [long, many, deep, crooked] = [
      /^report: over 40000 char/,
      /^report: over 1000 val/,
      /^report: nested/,
      /JSON/,
    ];
    const outside: readonly [report: unknown, words: RegExp][] = [
      [aReport({ summary: 'x'.repeat(5_000_000) }), long],
      [aReport({ ['k'.repeat(5_000_000)]: 1 }), long],
      [{ ...aReport(), findings: Array(5_000_000).fill(READ) }, many],
      [withInput(nested(20)), deep],
      [withInput(nested(5000)), deep],
      [withInput(circle), deep],
      [withInput({ value: Number.POSITIVE_INFINITY }), crooked],
      [withInput({ value: () => 1 }), crooked],
      [withInput({ value: undefined }), crooked],
      [withInput({ value: new Date(0) }), crooked],
      [withInput(new Map()), crooked],
    ];
    const began = performance.now();

    const problems = outside.map(([report]) => problemsOf(report));

    expect(performance.now() - began).to.be.lessThan(500);
    for (const [n, [, words]] of outside.entries()) expect(problems[n]).to.match(words);
  });

  it('is a report or a short problem, whatever comes [L7]', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true }),
        (input) => {
          const parsed = parseFindings(input);
          expect(parsed.ok ? '' : parsed.problems).to.have.length.within(parsed.ok ? 0 : 1, 1000);
        },
      ),
    );
  });

  it('is never taken with one part of it turned into something else [L7]', () => {
    const key = fc.constantFrom(...Object.keys(aReport()));
    const other = fc.anything().filter((value) => !Array.isArray(value) && typeof value !== 'string');

    fc.assert(fc.property(key, other, (name, value) => !parseFindings({ ...aReport(), [name]: value }).ok));
  });

  it('passes any input of a change on unchanged [L7]', () => {
    const input = fc
      .dictionary(fc.stringMatching(/^[a-z_]{1,20}$/), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 8 })
      .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject)
      .filter((value) => !JSON.stringify(value).includes('__proto__'));

    fc.assert(
      fc.property(input, (value) => {
        const parsed = parseFindings(withInput(value));
        expect(parsed.ok && parsed.report.proposed[0]?.input).to.deep.equal(value);
      }),
    );
  });

  it('is a tool whose schema names every limit and takes no further keys [L7]', () => {
    const { name, schema } = REPORT_FINDINGS;

    expect(name).to.equal('report_findings');
    expect(schema).to.deep.include({ type: 'object', additionalProperties: false });
    expect(schema).to.have.nested.property('properties.summary.maxLength', 600);
    expect(schema).to.have.nested.property('properties.findings.maxItems', 8);
    expect(schema).to.have.nested.property('properties.proposed.items.properties.input.type', 'object');
    expect(JSON.stringify(schema)).to.not.include('$ref');
  });
});
