import { expect } from 'chai';
import { withoutSecrets } from '../../lib/log.ts';

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

    const written = facts.map(withoutSecrets);

    expect(written).to.deep.equal(facts.map(() => '[unprintable]'));
  });

  it('writes what can be written, without its secrets [A5]', () => {
    const written = [1, true, undefined, null, { password: 'x', count: 1 }].map(withoutSecrets);

    expect(written).to.deep.equal([1, true, undefined, null, { password: '[redacted secret]', count: 1 }]);
  });
});
