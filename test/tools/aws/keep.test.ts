import { expect } from 'chai';
import { createKeep } from '../../../tools/aws/keep.ts';
import { failureOf } from '../bench.ts';

describe('what is made once and kept', () => {
  it('is made once per key, also for two who ask at once', async () => {
    const keep = createKeep<number>();
    let made = 0;
    const make = async () => ++made;

    const found = await Promise.all([keep('a', make), keep('a', make), keep('b', make)]);

    expect(found).to.deep.equal([1, 1, 2]);
  });

  it('is made again after a failure', async () => {
    const keep = createKeep<string>();

    const failed = await failureOf(keep('a', () => Promise.reject(new Error('disk away'))));
    const again = await keep('a', async () => 'made');

    expect(failed.message).to.equal('disk away');
    expect(again).to.equal('made');
  });
});
