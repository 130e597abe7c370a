import { expect } from 'chai';
import { createKeep } from '../../lib/keep.ts';

describe('keep', () => {
  it('forgets what was not asked for longest when it is full', () => {
    const keep = createKeep<number>(2);
    keep.set('a', 1);
    keep.set('b', 2);
    keep.get('a');

    keep.set('c', 3);

    expect(['a', 'b', 'c'].map((key) => keep.get(key))).to.deep.equal([1, undefined, 3]);
  });

  it('keeps one value a key, the newest', () => {
    const keep = createKeep<number>(2);
    keep.set('a', 1);
    keep.set('b', 2);

    keep.set('a', 3);
    keep.delete('b');

    expect(['a', 'b'].map((key) => keep.get(key))).to.deep.equal([3, undefined]);
  });
});
