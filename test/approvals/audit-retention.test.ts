import { expect } from 'chai';
import { type Audit, createAudit } from '../../approvals/audit.ts';
import { exportLines } from '../../approvals/audit-export.ts';
import { verifyExport } from '../../approvals/audit-export-verify.ts';
import { auditKind, CHAIN, keptUntil } from '../../approvals/audit-record.ts';
import { verifyChain } from '../../approvals/audit-verify.ts';
import { recordsOf } from '../../approvals/audit-walk.ts';
import { checkpointsOf } from '../../approvals/checkpoint.ts';
import { publicKeysOf } from '../../approvals/checkpoint-keys.ts';
import { makeCheckpoint } from '../../approvals/checkpoint-make.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { remove, type Store } from '../../store/store.ts';
import { movableClock } from '../store/movable-clock.ts';
import { newSigner } from './tamper/signed-chain.ts';

const DAY_MS = 86_400_000;
const YEARS_MS = 7 * 365.25 * DAY_MS;
/** One record every ten days, the first a hundred days past its retention, the last a hundred short of it; checkpoints after every fifth. */
const RECORDS = 20;

describe('audit records that come to the end of their retention', () => {
  const signer = newSigner();
  const keys = publicKeysOf([signer.publicKeyPem]);
  const now = systemClock.now();
  const { clock, setNow } = movableClock(now);
  let store: Store;
  let audit: Audit;

  const say = (n: number) => audit.record({ type: 'request_received', correlation_id: `c-${n}`, summary: `said ${n}` });
  const maker = () => ({ store, clock, signer: async () => signer, node: 'n' });

  beforeEach(async () => {
    setNow(now - YEARS_MS - 100 * DAY_MS);
    store = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
    audit = createAudit({ store, clock, log: silentLog, node: 'n', build: 'b' });
    for (let n = 1; n <= RECORDS; n += 1) {
      setNow(now - YEARS_MS + (n * 10 - 105) * DAY_MS);
      await say(n);
      if (n % 5 === 0) await makeCheckpoint(maker(), 'now');
    }
  });

  afterEach(() => store.close());

  /** A commit of today takes the sweep along. */
  const comeToToday = async () => {
    setNow(now);
    await say(RECORDS + 1);
  };
  const kept = () => all(recordsOf(store, CHAIN));
  async function takeOut(seqs: readonly number[]): Promise<void> {
    const { rows } = await store.query(auditKind, { index: 'by_chain', partition: CHAIN, limit: 200 });
    const gone = rows.filter(({ value }) => seqs.includes(value.seq));
    await store.transact(gone.map((row) => remove(auditKind, row)));
  }

  it('are kept for seven calendar years, and cleaned up a month later [A4]', async () => {
    const [record] = await kept();
    if (!record) throw new Error('no record');
    const leapDay = { ...record, ts: '2028-02-29T12:00:00.000Z' };
    const some = { ...record, ts: '2026-11-20T12:00:00.000Z' };

    expect(new Date(keptUntil(some)).toISOString()).to.equal('2033-11-20T12:00:00.000Z');
    expect(new Date(keptUntil(leapDay)).toISOString()).to.equal('2035-03-01T12:00:00.000Z');
    expect(auditKind.expiresAt?.(some)).to.equal(Date.parse('2033-12-20T12:00:00.000Z'));
  });

  it('leave a chain whose rest is verified, signed on, and exported [A4, A2]', async () => {
    await comeToToday();
    await makeCheckpoint(maker(), 'now');

    const left = (await kept()).map(({ seq }) => seq);
    const report = await verifyChain(store, new Map(), await all(checkpointsOf(store)));
    const exported = await verifyExport(exportLines(store, {}, keys), keys);

    expect(left[0]).to.be.within(7, 9);
    expect(left.at(-1)).to.equal(RECORDS + 1);
    expect(report).to.deep.include({ ok: true, records: RECORDS + 1 });
    expect(exported).to.deep.include({ ok: true, ranges: [{ chain: CHAIN, from: 10, to: RECORDS + 1 }] });
  });

  it('excuse none that was taken out before its time, in the middle or at the start [A4, A2]', async () => {
    await comeToToday();
    const young = (await kept()).find((record) => keptUntil(record) > now)?.seq ?? 0;

    await takeOut([young]);
    const inTheMiddle = await verifyChain(store);
    await takeOut((await kept()).map(({ seq }) => seq).filter((seq) => seq < young));
    const atTheStart = await verifyChain(store);

    const because = 'the record is missing';
    expect(inTheMiddle.firstBad).to.deep.equal({ chain: CHAIN, seq: young, because });
    expect(atTheStart.firstBad).to.deep.equal({ chain: CHAIN, seq: 1, because });
  });
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
