import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson, digest, type Json } from '../../lib/json.ts';

describe('canonical JSON', () => {
  it('follows RFC 8785: sorted names, shortest numbers, no spaces', () => {
    const value = { b: [1.0, 1e21, 0.000001], a: { '\u20ac': 1, '\r': 2, '1': 3 }, c: 'é"\n\u000f' };

    const text = canonicalJson(value);

    expect(text).to.equal('{"a":{"\\r":2,"1":3,"€":1},"b":[1,1e+21,0.000001],"c":"é\\"\\n\\u000f"}');
  });

  it('gives the same text whatever the order of names, and a text that reads as the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const value: Json = JSON.parse(JSON.stringify(record));
        const turned: Json = Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(record))).reverse()) as Json;

        const text = canonicalJson(value);

        expect(canonicalJson(turned)).to.equal(text);
        expect(JSON.parse(text)).to.deep.equal(value);
      }),
    );
  });

  it('refuses numbers that JSON does not have', () => {
    const attempts = [Number.NaN, Number.POSITIVE_INFINITY].map((value) => () => canonicalJson({ value }));

    for (const attempt of attempts) expect(attempt).to.throw();
  });
});

describe('digest', () => {
  it('changes with the value and with the domain', () => {
    const digests = [digest('plan', { a: 1 }), digest('plan', { a: 2 }), digest('audit', { a: 1 })];

    expect(new Set(digests).size).to.equal(3);
    expect(digest('plan', { a: 1 })).to.equal(digests[0]);
    expect(digests[0]).to.match(/^[0-9a-f]{64}$/);
  });

  it('cannot be moved from the domain into the value', () => {
    const digests = [digest('a', 'b'), digest('a"b', ''), digest('a\u0000"b"', '')];

    expect(new Set(digests).size).to.equal(3);
  });
});
