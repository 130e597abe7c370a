import { expect } from 'chai';
import { createChainWalk } from '../../../adapters/web/chain-walk.ts';
import type { ChainState } from '../../../adapters/web/console-data.ts';
import { movableClock } from '../../store/movable-clock.ts';

/** Walks that end when told; each counts one record more than the one before. */
function walks() {
  const { clock, setNow } = movableClock(1_000);
  const ends: PromiseWithResolvers<ChainState>[] = [];
  const chain = createChainWalk(() => {
    const end = Promise.withResolvers<ChainState>();
    ends.push(end);
    return end.promise;
  }, clock);
  const finish = (index: number) => ends[index]?.resolve({ ok: true, records: index + 1, head: 'h' });
  return { chain, ends, finish, setNow };
}

const recordsOf = async (states: Promise<ChainState>[]) => (await Promise.all(states)).map(({ records }) => records);

describe('the walk of the audit chain', () => {
  it('is shared by all who ask while it is under way, and kept for 10 s [C3]', async () => {
    const { chain, ends, finish, setNow } = walks();

    const together = [chain.state('recent'), chain.state('recent')];
    finish(0);
    expect(await recordsOf(together)).to.deep.equal([1, 1]);
    setNow(10_999);
    expect(await recordsOf([chain.state('recent')])).to.deep.equal([1]);
    setNow(11_000);
    const later = chain.state('recent');
    finish(1);

    expect(await recordsOf([later])).to.deep.equal([2]);
    expect(ends).to.have.length(2);
  });

  it('begins anew when asked, one for all who asked meanwhile [C3]', async () => {
    const { chain, ends, finish } = walks();

    const first = chain.state('recent');
    const anew = [chain.state('fresh'), chain.state('fresh')];
    finish(0);
    await first;
    await new Promise(setImmediate);
    finish(1);
    expect(await recordsOf(anew)).to.deep.equal([2, 2]);
    const again = chain.state('fresh');
    finish(2);

    expect(await recordsOf([again])).to.deep.equal([3]);
    expect(ends).to.have.length(3);
  });

  it('that fails is told to its callers and not kept', async () => {
    const { chain, ends, finish } = walks();

    const failed = chain.state('recent').catch((error: Error) => error.message);
    ends[0]?.reject(new Error('disk'));
    expect(await failed).to.equal('disk');
    const next = chain.state('recent');
    finish(1);

    expect(await recordsOf([next])).to.deep.equal([2]);
  });
});
