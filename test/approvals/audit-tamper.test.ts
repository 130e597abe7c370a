import { expect } from 'chai';
import fc from 'fast-check';
import { createAudit } from '../../approvals/audit.ts';
import { type AuditRecord, auditKind, CHAIN, headKind, recordHash } from '../../approvals/audit-record.ts';
import { verifyChain } from '../../approvals/audit-verify.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { put, remove, type Store, type Stored, update, type Write } from '../../store/store.ts';
import { movableClock } from '../store/movable-clock.ts';

const LENGTH = 24;
type Row = Stored<AuditRecord>;

const rowsOf = async (store: Store): Promise<Row[]> =>
  (await store.query(auditKind, { index: 'by_chain', partition: CHAIN, limit: 200 })).rows;

async function chain() {
  const { clock } = movableClock(Date.parse('2026-11-20T12:00:00Z'));
  const store = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
  const copy = new Map<number, string>();
  const audit = createAudit({
    ...{ store, clock, log: silentLog, node: 'n', build: 'b' },
    copy: ({ seq, hash }) => copy.set(seq, hash),
  });
  for (let n = 1; n <= LENGTH; n += 1)
    await audit.record({
      type: 'request_received',
      correlation_id: `c-${n}`,
      summary: `said ${n}`,
      targets: [`t-${n}`],
      fence: n,
    });
  return { store, copy, rows: await rowsOf(store) };
}

/** Writes that leave the store as an intruder would, and the first record that is bad then. */
interface Tamper {
  what: string;
  writes: Write[];
  firstBad: number;
}

const edited = (value: AuditRecord, field: keyof AuditRecord): AuditRecord => {
  const old = value[field];
  if (Array.isArray(old)) return { ...value, [field]: [...old, 'more'] };
  return { ...value, [field]: typeof old === 'number' ? old + 1_000 : `${String(old)}x` };
};

function tampers(rows: Row[]): fc.Arbitrary<Tamper> {
  const fields: (keyof AuditRecord)[] = [
    'summary',
    'correlation_id',
    'targets',
    'fence',
    'ts',
    'node',
    'build',
    'hash',
    'prev_hash',
    'chain',
    'seq',
  ];
  const anyRow = fc.constantFrom(...rows);
  const edit = fc.tuple(anyRow, fc.constantFrom(...fields)).map(
    ([row, field]): Tamper => ({
      what: `edit ${field} of ${row.value.seq}`,
      writes: [update(auditKind, row, edited(row.value, field))],
      firstBad: row.value.seq,
    }),
  );
  const drop = fc.tuple(anyRow, fc.constantFrom('actor', 'targets', 'fence')).map(([row, field]): Tamper => {
    const { targets: _, ...without } = row.value;
    const value = field === 'targets' ? without : { ...row.value, [field]: field === 'fence' ? undefined : ACTOR };
    return {
      what: `field ${field} of ${row.value.seq}`,
      writes: [update(auditKind, row, value)],
      firstBad: row.value.seq,
    };
  });
  const gone = anyRow.map(
    (row): Tamper => ({ what: `delete ${row.value.seq}`, writes: [remove(auditKind, row)], firstBad: row.value.seq }),
  );
  const swap = fc
    .tuple(anyRow, anyRow)
    .filter(([a, b]) => a.value.seq < b.value.seq)
    .map(
      ([a, b]): Tamper => ({
        what: `swap ${a.value.seq} and ${b.value.seq}`,
        writes: [
          update(auditKind, a, { ...b.value, seq: a.value.seq }),
          update(auditKind, b, { ...a.value, seq: b.value.seq }),
        ],
        firstBad: a.value.seq,
      }),
    );
  const insert = fc.tuple(anyRow, fc.boolean()).map(([row, honest]): Tamper => {
    const { hash: _, ...bare } = { ...row.value, summary: 'never happened' };
    const value = { ...bare, hash: honest ? recordHash(bare) : row.value.hash };
    return {
      what: `insert at ${row.value.seq}`,
      writes: [put(auditKind, `zz-${row.id}`, value)],
      firstBad: row.value.seq + 1,
    };
  });
  const rehash = anyRow.map((row): Tamper => {
    const { hash: _, ...bare } = { ...row.value, summary: 'never happened' };
    return {
      what: `edit and hash anew ${row.value.seq}`,
      writes: [update(auditKind, row, { ...bare, hash: recordHash(bare) })],
      firstBad: Math.min(row.value.seq + 1, LENGTH),
    };
  });
  const cut = fc.integer({ min: 1, max: LENGTH - 1 }).map(
    (keep): Tamper => ({
      what: `truncate after ${keep}`,
      writes: rows.slice(keep).map((row) => remove(auditKind, row)),
      firstBad: keep + 1,
    }),
  );
  return fc.oneof(edit, drop, gone, swap, insert, rehash, cut);
}

const ACTOR = { person: 'mallory', name: 'M', channel: 'web', user_id: 'm', auth: 'none' };

/** Puts every record back as it was written. */
async function restore(store: Store, rows: Row[]): Promise<void> {
  const listed = await rowsOf(store);
  for (const { id } of rows.concat(listed)) {
    const held = await store.get(auditKind, id);
    const was = rows.find((row) => row.id === id);
    if (held && !was) await store.transact([remove(auditKind, held)]);
    if (held && was) await store.transact([update(auditKind, held, was.value)]);
    if (!held && was) await store.transact([put(auditKind, id, was.value)]);
  }
}

/** The chain from `from` on written anew, as somebody would who holds the store, with a head that fits. */
function rewritten(rows: Row[], from: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (const { value } of rows) {
    const { hash, ...bare } = value;
    if (value.seq < from) records.push(value);
    else {
      const next = { ...bare, summary: `${bare.summary}!`, prev_hash: records.at(-1)?.hash ?? value.prev_hash };
      records.push({ ...next, hash: recordHash(next) });
    }
    expect(hash).to.have.length(64);
  }
  return records;
}

describe('audit chain under attack', function () {
  this.timeout(30_000);

  it('names the first bad record of every edit, deletion, swap, insertion and cut [A2]', async () => {
    const { store, rows } = await chain();
    const current = async () => (await rowsOf(store)).map((row) => row);
    let tried = 0;

    await fc.assert(
      fc.asyncProperty(tampers(rows), async ({ what, writes, firstBad }) => {
        const now = new Map((await current()).map((row) => [row.id, row.version]));
        const fresh = writes.map((write) =>
          'version' in write ? { ...write, version: now.get(write.id) ?? 1 } : write,
        );
        const done = await store.transact(fresh as Write[]);
        const report = await verifyChain(store);
        await restore(store, rows);
        tried += 1;

        expect(done.committed, what).to.equal(true);
        expect(report.ok, what).to.equal(false);
        expect(report.firstBad?.seq, `${what}: ${report.firstBad?.because}`).to.be.within(
          firstBad - (what.startsWith('insert') ? 1 : 0),
          firstBad,
        );
      }),
      { numRuns: 600, seed: 42 },
    );

    expect(tried).to.equal(600);
    expect(await verifyChain(store)).to.deep.include({ ok: true, records: LENGTH });
  });

  it('finds a chain that was written anew from any record on, as long as the copy is there [A2]', async () => {
    for (const from of [1, 2, 12, LENGTH]) {
      const { store, rows, copy } = await chain();
      const records = rewritten(rows, from);
      const last = records.at(-1);
      const head = await store.get(headKind, CHAIN);
      if (!head || !last) throw new Error('no chain');
      await store.transact([
        ...rows.map((row, place) => update(auditKind, row, records[place] ?? row.value)),
        update(headKind, head, { seq: last.seq, hash: last.hash }),
      ]);

      expect((await verifyChain(store)).ok, 'nothing inside can tell').to.equal(true);
      expect((await verifyChain(store, new Map([[CHAIN, copy]]))).firstBad).to.deep.equal({
        chain: CHAIN,
        seq: from,
        because: 'the copy holds another record',
      });
    }
  });

  it('finds a tail that was cut off together with the head, as long as the copy is there [A2]', async () => {
    const { store, rows, copy } = await chain();
    const head = await store.get(headKind, CHAIN);
    const kept = rows[19];
    if (!head || !kept) throw new Error('no chain');
    await store.transact([
      ...rows.slice(20).map((row) => remove(auditKind, row)),
      update(headKind, head, { seq: 20, hash: kept.value.hash }),
    ]);

    expect((await verifyChain(store)).ok, 'nothing inside can tell').to.equal(true);
    expect((await verifyChain(store, new Map([[CHAIN, copy]]))).firstBad?.seq).to.equal(21);
  });

  it('finds a head that was moved, changed or removed [A2]', async () => {
    const { store } = await chain();
    const head = await store.get(headKind, CHAIN);
    if (!head) throw new Error('no chain');
    const reports: boolean[] = [];
    for (const value of [
      { seq: LENGTH, hash: 'f'.repeat(64) },
      { ...head.value, seq: LENGTH - 1 },
      { ...head.value, seq: LENGTH + 1 },
    ]) {
      const held = (await store.get(headKind, CHAIN)) ?? head;
      await store.transact([update(headKind, held, value)]);
      reports.push((await verifyChain(store)).ok);
    }
    const held = (await store.get(headKind, CHAIN)) ?? head;
    await store.transact([remove(headKind, held)]);
    reports.push((await verifyChain(store)).ok);

    expect(reports).to.deep.equal([false, false, false, false]);
  });
});
