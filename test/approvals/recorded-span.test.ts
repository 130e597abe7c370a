import { expect } from 'chai';
import fc from 'fast-check';
import { createAudit } from '../../approvals/audit.ts';
import { fixChains } from '../../approvals/audit-chains.ts';
import { MOST_EVENTS, recordedIn } from '../../approvals/recorded-span.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import type { Query, Store } from '../../store/store.ts';
import { movableClock } from '../store/movable-clock.ts';

const START = Date.parse('2026-11-01T00:00:00Z');
const HOUR = 3_600_000;
const signal = new AbortController().signal;

/** A record of so many chains with one entry every `everyMs`, and how many pages were read of it. */
async function filled(chains: number, count: number, everyMs: number) {
  const { clock, setNow } = movableClock(START);
  const inner = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
  await fixChains(inner, chains);
  const audit = createAudit({ store: inner, clock, log: silentLog, node: 'n', build: 'b' });
  for (let n = 0; n < count; n += 1) {
    setNow(START + n * everyMs);
    await audit.record({ type: 'request_received', correlation_id: `c-${n}`, summary: `said ${n}` });
  }
  let pages = 0;
  const store: Store = {
    ...inner,
    query: (kind, query: Query) => {
      pages += 1;
      return inner.query(kind, query);
    },
  };
  return { parts: { store, log: silentLog, signal }, pages: () => pages };
}

describe('the records of a span', function () {
  this.timeout(60_000);

  for (const chains of [1, 3]) {
    it(`are all of it and nothing else, in ${chains} chains, wherever the span begins and ends [A7]`, async () => {
      const count = 1_000;
      const { parts } = await filled(chains, count, HOUR);
      const hour = fc.integer({ min: -20, max: count + 20 });

      await fc.assert(
        fc.asyncProperty(hour, hour, async (one, other) => {
          const span = { from: START + Math.min(one, other) * HOUR, to: START + Math.max(one, other) * HOUR };

          const { items, since } = await recordedIn(parts, span);

          const wanted = Array.from({ length: count }, (_, n) => n).filter(
            (n) => START + n * HOUR >= span.from && START + n * HOUR < span.to,
          );
          expect(items.map(({ summary }) => summary).sort()).to.deep.equal(wanted.map((n) => `said ${n}`).sort());
          expect(since).to.equal(span.from);
        }),
        { numRuns: 60 },
      );
    });
  }

  it('are found without walking through what is younger [A7]', async () => {
    const { parts, pages } = await filled(1, 4_000, HOUR);

    const { items } = await recordedIn(parts, { from: START, to: START + 24 * HOUR });

    expect(items).to.have.length(24);
    expect(pages()).to.be.below(20);
  });

  for (const chains of [1, 4]) {
    it(`are the newest ten thousand at most, in ${chains} chains, and none is missing since the moment it says [A7]`, async () => {
      const count = MOST_EVENTS + 1_500;
      const { parts } = await filled(chains, count, 1_000);
      const span = { from: START, to: START + count * 1_000 };
      const began = performance.now();

      const { items, since } = await recordedIn(parts, span);

      const tookMs = performance.now() - began;
      const wanted = Array.from({ length: count }, (_, n) => n).filter((n) => START + n * 1_000 >= since);
      expect(since).to.be.above(span.from);
      expect(items.map(({ summary }) => summary).sort()).to.deep.equal(wanted.map((n) => `said ${n}`).sort());
      expect(items.length).to.be.within(MOST_EVENTS - 1_000, MOST_EVENTS + 1_000);
      expect(tookMs, 'longer than anybody waits for a read').to.be.below(10_000);
    });
  }

  it('are none where nothing was recorded yet [A7]', async () => {
    const { parts } = await filled(2, 0, 1);

    expect(await recordedIn(parts, { from: 0, to: START })).to.deep.equal({ items: [], since: 0 });
  });

  it('end with the call they are read for [A7]', async () => {
    const { parts } = await filled(1, 300, HOUR);
    const over = AbortSignal.abort(new Error('nobody waits any more'));

    const reading = recordedIn({ ...parts, signal: over }, { from: START, to: START + 400 * HOUR });

    const ended = await reading.then(
      () => 'read',
      (error: Error) => error.message,
    );
    expect(ended).to.equal('nobody waits any more');
  });
});
