import { expect } from 'chai';
import fc from 'fast-check';
import { z } from 'zod';
import type { Query, Store } from '../../store/store.ts';
import { put, remove, update } from '../../store/store.ts';
import { noteIds, noteRow, refused, writeEach } from './ends.ts';
import { note, notes } from './notes.ts';

const alice: Query = { index: 'by_author', partition: 'alice', limit: 10 };

/** Few and awkward: ties are common, and UTF-8 and UTF-16 do not agree on the order of the last two. */
const sortKey = fc.oneof(
  fc.constantFrom('', 'a', 'b', '\u0000', '\uffee', '🚀'),
  fc.string({ maxLength: 3, unit: 'grapheme' }),
);
const foreignMarks = ['', 'x', '!!', 'A'.repeat(10_000), ...['{}', '["a"]', '["a",""]', '[1,2]', 'null'].map(encode)];

/** What a row stands in, and in which order. */
export function listContract(store: () => Store): void {
  it('lists the rows of one partition only, oldest first', async () => {
    await writeEach(store(), [
      put(notes, 'b', note({ at: '2026-01-02T00:00:00Z' })),
      put(notes, 'a', note({ at: '2026-01-03T00:00:00Z' })),
      put(notes, 'c', note({ at: '2026-01-01T00:00:00Z' })),
      put(notes, 'd', note({ author: 'bob' })),
    ]);

    const page = await store().query(notes, alice);

    expect(page.rows.map(({ id, version, value }) => [id, version, value.at.slice(0, 10)])).to.deep.equal([
      ['c', 1, '2026-01-01'],
      ['b', 1, '2026-01-02'],
      ['a', 1, '2026-01-03'],
    ]);
    expect(page.next).to.equal(undefined);
  });

  it('moves a row between partitions, takes it out of a list and back in, and forgets it when deleted', async () => {
    const where = async () => [
      await noteIds(store(), { ...alice }),
      await noteIds(store(), { ...alice, partition: 'bob' }),
      await noteIds(store(), { ...alice, index: 'by_time', partition: 'all' }),
    ];
    const change = async (author: string | undefined) =>
      store().transact([update(notes, await noteRow(store(), 'n'), note({ author }))]);
    await store().transact([put(notes, 'n', note())]);

    const seen = [await where()];
    await change('bob');
    seen.push(await where());
    await change(undefined);
    seen.push(await where());
    await change('alice');
    seen.push(await where());
    await store().transact([remove(notes, await noteRow(store(), 'n'))]);
    seen.push(await where());

    expect(seen).to.deep.equal([
      [['n'], [], ['n']],
      [[], ['n'], ['n']],
      [[], [], ['n']],
      [['n'], [], ['n']],
      [[], [], []],
    ]);
  });

  it('leaves the lists as they were when a transaction is refused', async () => {
    await store().transact([put(notes, 'n', note())]);

    await store().transact([
      update(notes, await noteRow(store(), 'n'), note({ author: 'bob' })),
      put(notes, 'm', note()),
      remove(notes, { id: 'x', version: 1, value: note() }),
    ]);

    expect(await noteIds(store(), alice)).to.deep.equal(['n']);
    expect(await noteIds(store(), { ...alice, partition: 'bob' })).to.deep.equal([]);
  });

  it('includes `from` and excludes `to`, in both directions', async () => {
    await writeEach(
      store(),
      ['1', '2', '3', '4'].map((at) => put(notes, `n${at}`, note({ at }))),
    );
    const range = { ...alice, from: '2', to: '4' };

    const found = [
      await noteIds(store(), range),
      await noteIds(store(), { ...range, newestFirst: true }),
      await noteIds(store(), { ...alice, from: '3' }),
      await noteIds(store(), { ...alice, to: '2', newestFirst: true }),
    ];

    expect(found).to.deep.equal([['n2', 'n3'], ['n3', 'n2'], ['n3', 'n4'], ['n1']]);
  });
}

/** One page after another, and hostile marks between them. */
export function pageContract(store: () => Store): void {
  it('reads any list page by page without loss or repeat, in the order of bytes', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(sortKey, { maxLength: 25 }),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        fc.option(sortKey),
        fc.option(sortKey),
        async (sorts, limit, newestFirst, from, to) => {
          round += 1;
          const author = `author ${round}`;
          const rows = sorts.map((at, n) => ({ id: `${round}-${n}`, at }));
          await writeEach(
            store(),
            rows.map(({ id, at }) => put(notes, id, note({ author, at }))),
          );

          const pages = await allPages(store(), {
            index: 'by_author',
            partition: author,
            limit,
            newestFirst,
            from: from ?? undefined,
            to: to ?? undefined,
          });

          const inRange = rows.filter(({ at }) => bytes(at, from ?? '') >= 0 && (to === null || bytes(at, to) < 0));
          const expected = inRange.sort((a, b) => bytes(a.at, b.at) || bytes(a.id, b.id)).map(({ id }) => id);
          expect(pages.flat()).to.deep.equal(newestFirst ? expected.reverse() : expected);
          expect(pages.every((page, n) => page.length === limit || n === pages.length - 1)).to.equal(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes on behind the last row when rows are added and removed between two pages', async () => {
    await writeEach(
      store(),
      ['1', '3', '5', '7'].map((at) => put(notes, `n${at}`, note({ at }))),
    );
    const first = await store().query(notes, { ...alice, limit: 2 });

    await store().transact([
      put(notes, 'n2', note({ at: '2' })),
      put(notes, 'n6', note({ at: '6' })),
      remove(notes, await noteRow(store(), 'n3')),
    ]);
    const second = await noteIds(store(), { ...alice, after: first.next });

    expect(first.rows.map(({ id }) => id)).to.deep.equal(['n1', 'n3']);
    expect(second).to.deep.equal(['n5', 'n6', 'n7']);
  });

  it('refuses a mark of the next page that it did not make, whatever it is', async () => {
    const refusals = await Promise.all(foreignMarks.map((after) => refused(store().query(notes, { ...alice, after }))));

    expect(new Set(refusals.map(({ code }) => code))).to.deep.equal(new Set(['input_invalid']));
  });

  it('keeps to the range asked for even when the mark points out of it', async () => {
    await writeEach(
      store(),
      ['1', '2', '3', '4'].map((at) => put(notes, `n${at}`, note({ at }))),
    );

    const below = await noteIds(store(), { ...alice, from: '3', after: encode('["0","n"]') });
    const above = await noteIds(store(), { ...alice, to: '3', newestFirst: true, after: encode('["9","n"]') });

    expect([below, above]).to.deep.equal([
      ['n3', 'n4'],
      ['n2', 'n1'],
    ]);
  });

  it('refuses a list it does not have and a page that is not 1–200 rows', async () => {
    const wrong: Query[] = [
      { ...alice, index: 'by_colour' },
      { ...alice, index: 'toString' },
      { ...alice, limit: 0 },
      { ...alice, limit: 201 },
      { ...alice, limit: 1.5 },
    ];

    const refusals = await Promise.all(wrong.map((query) => refused(store().query(notes, query))));

    expect(new Set(refusals.map(({ code }) => code))).to.deep.equal(new Set(['internal']));
  });
}

/** What a page costs less without: the values. */
export function placesContract(store: () => Store): void {
  it('gives the places of a page as the page has them, without reading what is in the rows', async () => {
    await store().transact(['a', 'b', 'c'].map((id) => put(notes, id, note({ at: `2026-01-0${id === 'a' ? 3 : 1}` }))));
    await store().transact([update(notes, await noteRow(store(), 'b'), note({ at: '2026-01-02' }))]);
    const queries: Query[] = [
      alice,
      { ...alice, newestFirst: true, limit: 2 },
      { ...alice, from: '2026-01-02', to: '2026-01-03' },
    ];

    for (const query of queries) {
      const { rows, next } = await store().query(notes, query);
      expect(await store().places(notes, query)).to.deep.equal({
        rows: rows.map(({ id, version }) => ({ id, version })),
        next,
      });
    }
    const blind = { ...notes, schema: z.never() };
    expect((await store().places(blind, alice)).rows).to.have.length(3);
    expect((await refused(store().places(notes, { ...alice, limit: 0 }))).code).to.equal('internal');
  });
}

async function allPages(store: Store, query: Query): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const { rows, next } = await store.query(notes, { ...query, after });
    pages.push(rows.map(({ id }) => id));
    after = next;
  } while (after !== undefined);
  return pages;
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function bytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
