import { expect } from 'chai';
import fc from 'fast-check';
import { collect, type PageFn } from '../../../tools/aws/pages.ts';

/** Pages of `sizes` items, numbered through; remembers how many were read. */
function book(sizes: readonly number[]): { page: PageFn<number>; read: () => number } {
  let reads = 0;
  return {
    read: () => reads,
    async page(token) {
      reads += 1;
      const at = Number(token ?? 0);
      const first = sizes.slice(0, at).reduce((sum, size) => sum + size, 0);
      const items = Array.from({ length: sizes[at] ?? 0 }, (_, index) => first + index);
      return { items, next: at + 1 < sizes.length ? String(at + 1) : undefined };
    },
  };
}

describe('collecting pages', () => {
  it('reads every page in order when the limits allow [T11]', async () => {
    const found = await collect(book([2, 0, 3]).page, { maxPages: 10, maxItems: 100 });

    expect(found).to.deep.equal({ items: [0, 1, 2, 3, 4], more: false });
  });

  it('stops at the page limit and says that there is more [T11]', async () => {
    const { page, read } = book([1, 1, 1]);

    const found = await collect(page, { maxPages: 2, maxItems: 100 });

    expect(found).to.deep.equal({ items: [0, 1], more: true });
    expect(read()).to.equal(2);
  });

  it('stops at the item limit and says that there is more [T11]', async () => {
    const { page, read } = book([3, 3]);

    const found = await collect(page, { maxPages: 9, maxItems: 2 });

    expect(found).to.deep.equal({ items: [0, 1], more: true });
    expect(read()).to.equal(1);
  });

  it('does not follow a token that leads to itself', async () => {
    let reads = 0;

    const found = await collect(
      async () => {
        reads += 1;
        return { items: [reads], next: 'same' };
      },
      { maxPages: 50, maxItems: 50 },
    );

    expect(found).to.deep.equal({ items: [1, 2], more: true });
  });

  it('never gives more items or reads more pages than asked, and says more exactly when some are left [T11]', async () => {
    const limits = fc.integer({ min: 1, max: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(4), { minLength: 1, maxLength: 8 }),
        limits,
        limits,
        async (sizes, maxPages, maxItems) => {
          const { page, read } = book(sizes);

          const { items, more } = await collect(page, { maxPages, maxItems });

          const total = sizes.reduce((sum, size) => sum + size, 0);
          expect(items).to.deep.equal(Array.from({ length: items.length }, (_, index) => index));
          expect(items.length).to.be.at.most(maxItems);
          expect(read()).to.be.at.most(maxPages);
          if (items.length < total) expect(more).to.equal(true);
        },
      ),
    );
  });
});
