import { expect } from 'chai';
import { factsWithoutSecrets } from '../../lib/log.ts';

describe('the log', () => {
  it('says that a fact cannot be written instead of failing [A5]', () => {
    const cycle: { self?: object } = {};
    cycle.self = cycle;
    const throwing = {
      toJSON() {
        throw new Error('no');
      },
    };
    const facts = [10n, { deep: 10n }, cycle, () => 1, Symbol('s'), throwing];

    const written = Object.values(factsWithoutSecrets({ ...facts }));

    expect(written).to.deep.equal(facts.map(() => '[unprintable]'));
  });

  it('writes what can be written, without its secrets [A5]', () => {
    const written = factsWithoutSecrets({ a: 1, b: true, c: undefined, d: null, e: { password: 'x', count: 1 } });

    expect(written).to.deep.equal({
      a: 1,
      b: true,
      c: undefined,
      d: null,
      e: { password: '[redacted secret]', count: 1 },
    });
  });

  it('knows a secret by the name of its fact, and takes bytes for secrets wherever they stand [A5]', () => {
    const bytes = Buffer.from('hunter2');
    const facts = { token: 'hunter2', nested: [{ body: bytes }], view: new Uint8Array(bytes), ab: [bytes.toJSON()] };

    const written = factsWithoutSecrets(facts);

    expect(written).to.deep.equal({
      token: '[redacted secret]',
      nested: [{ body: '[redacted bytes]' }],
      view: '[redacted bytes]',
      ab: ['[redacted bytes]'],
    });
  });
});
