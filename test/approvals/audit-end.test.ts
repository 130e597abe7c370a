import { expect } from 'chai';
import { createAudit } from '../../approvals/audit.ts';
import { verifyEnd } from '../../approvals/audit-end.ts';
import { auditKind, CHAIN, headKind } from '../../approvals/audit-record.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { remove, type Store, update } from '../../store/store.ts';
import { movableClock } from '../store/movable-clock.ts';

const LENGTH = 230;

describe('the end of the audit chain', () => {
  let store: Store;

  beforeEach(async () => {
    const { clock } = movableClock(Date.parse('2026-11-20T12:00:00Z'));
    store = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
    const audit = createAudit({ store, clock, log: silentLog, node: 'n', build: 'b', copy: undefined });
    for (let n = 1; n <= LENGTH; n += 1)
      await audit.record({ type: 'request_received', correlation_id: `c-${n}`, summary: `said ${n}` });
  });
  afterEach(() => store.close());

  const recordAt = async (seq: number) => {
    const { rows } = await store.query(auditKind, {
      index: 'by_chain',
      partition: CHAIN,
      limit: 200,
      newestFirst: true,
    });
    const row = rows.find(({ value }) => value.seq === seq);
    if (!row) throw new Error(`record ${seq} is not among the newest`);
    return row;
  };

  it('is whole in a chain that nobody touched, and in an empty one [O4, A2]', async () => {
    const { clock } = movableClock(0);
    const empty = await createSqliteStore({ path: ':memory:', clock, log: silentLog });

    const reports = await Promise.all([verifyEnd(store), verifyEnd(empty)]);
    await empty.close();

    expect(reports.map(({ ok, records }) => ({ ok, records }))).to.deep.equal([
      { ok: true, records: 200 },
      { ok: true, records: 0 },
    ]);
  });

  it('names the record that was changed [O4, A2]', async () => {
    const row = await recordAt(100);
    await store.transact([update(auditKind, row, { ...row.value, summary: 'said otherwise' })]);

    const report = await verifyEnd(store);

    expect(report).to.deep.include({
      ok: false,
      firstBad: { chain: 'main', seq: 100, because: 'its content is not what was written' },
    });
  });

  it('misses a record that was taken out, in the middle or at the end [O4, A2]', async () => {
    await store.transact([remove(auditKind, await recordAt(LENGTH))]);
    const atEnd = await verifyEnd(store);
    await store.transact([remove(auditKind, await recordAt(150))]);

    const inMiddle = await verifyEnd(store);

    expect(atEnd.firstBad?.seq).to.equal(LENGTH);
    expect(inMiddle).to.deep.include({
      ok: false,
      firstBad: { chain: 'main', seq: 150, because: 'the record is missing' },
    });
  });

  it('is compared with the head [O4, A2]', async () => {
    const head = await store.get(headKind, CHAIN);
    if (head) await store.transact([update(headKind, head, { ...head.value, hash: 'f'.repeat(64) })]);

    const report = await verifyEnd(store);

    expect(report.firstBad).to.deep.equal({
      chain: 'main',
      seq: LENGTH,
      because: 'it is not what the head of the chain says',
    });
  });
});
