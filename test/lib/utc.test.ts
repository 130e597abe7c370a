import { expect } from 'chai';
import { utc } from '../../lib/utc.ts';

describe('utc', () => {
  it('writes a moment with its zone, to the second', () => {
    expect(utc('2026-11-21T03:04:05.678Z')).to.equal('2026-11-21 03:04:05 UTC');
    expect(utc('2026-11-21T04:04:05+01:00')).to.equal('2026-11-21 03:04:05 UTC');
  });

  it('leaves what is no moment as it is', () => {
    expect(utc('soon')).to.equal('soon');
  });
});
