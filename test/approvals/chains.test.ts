import { setImmediate as nextLoop } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { z } from 'zod';
import { createAudit } from '../../approvals/audit.ts';
import { chainFor, fixChains, quoted, readChains } from '../../approvals/audit-chains.ts';
import { createAuditCopy, readAuditCopy } from '../../approvals/audit-copy.ts';
import { verifyEnd } from '../../approvals/audit-end.ts';
import { newestRecords } from '../../approvals/audit-list.ts';
import { type AuditRecord, auditKind, CHAIN, headKind } from '../../approvals/audit-record.ts';
import { createAuditStream } from '../../approvals/audit-stream.ts';
import { verifyChain } from '../../approvals/audit-verify.ts';
import { recordsOf } from '../../approvals/audit-walk.ts';
import { headsOf, lastCheckpoint } from '../../approvals/checkpoint.ts';
import { publicKeysOf } from '../../approvals/checkpoint-keys.ts';
import { createCheckpointer } from '../../approvals/checkpointer.ts';
import { verifyRecord } from '../../approvals/record-verify.ts';
import { OpsError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { type Kind, remove, type Store, update } from '../../store/store.ts';
import { movableClock } from '../store/movable-clock.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { approveAll, CALLS, createHouse, propose } from './house.ts';
import { linesPlace, newSigner } from './tamper/signed-chain.ts';

const START = Date.parse('2026-11-20T12:00:00Z');

/** A store with so many chains, and who records in it. */
async function desk(chains: number, copy?: (record: AuditRecord) => void) {
  const { clock, setNow } = movableClock(START);
  const store = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
  await fixChains(store, chains);
  const parts = { store, clock, log: silentLog, node: 'n' };
  const audit = createAudit({ ...parts, build: 'b', copy });
  const say = (request: string, summary: string) =>
    audit.record({ type: 'request_received', correlation_id: request, summary });
  const record = async (requests: number) => {
    for (let n = 1; n <= requests; n += 1) await say(`c-${n}`, `said ${n}`);
  };
  return { store, parts, setNow, say, record };
}

async function all(store: Store): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for (const name of (await readChains(store)).names)
    for await (const record of recordsOf(store, name)) records.push(record);
  return records;
}

describe('the chains of a record', function () {
  this.timeout(30_000);
  const path = temporaryFolder();

  it('cannot be hidden by taking their number away: the check names one that is there all the same [A2]', async () => {
    const { store, record } = await desk(16);
    await record(20);
    const layout: Kind<{ chains: number }> = {
      name: 'audit_layout',
      schema: z.object({ chains: z.number() }),
      indexes: {},
    };
    const row = await store.get(layout, 'audit');
    if (row) await store.transact([remove(layout, row)]);

    const reports = [await verifyChain(store), await verifyEnd(store)];

    expect(reports.map(({ ok }) => ok)).to.deep.equal([false, false]);
    for (const { firstBad } of reports) expect(firstBad?.because).to.include('its number of chains was changed');
  });

  it('are one where nobody said otherwise, and no row says so [A2]', async () => {
    const { clock } = movableClock(START);
    const store = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
    const audit = createAudit({ store, clock, log: silentLog, node: 'n', build: 'b' });
    await audit.record({ type: 'request_received', correlation_id: 'c', summary: 's' });

    const late = await fixChains(store, 16);

    expect(late).to.equal(1);
    expect((await readChains(store)).names).to.deep.equal([CHAIN]);
    expect(await verifyChain(store)).to.deep.include({ ok: true, records: 1, chains: 1 });
  });

  it('keep the number that was said first, and no other than 1 to 16 is taken [A2]', async () => {
    const { store } = await desk(16);

    const again = [await fixChains(store, 4), await fixChains(store, 1)];
    const refused = await Promise.allSettled([0, 17, 1.5].map((count) => fixChains(store, count)));

    expect(again).to.deep.equal([16, 16]);
    for (const end of refused)
      expect(end.status === 'rejected' && end.reason instanceof OpsError && end.reason.code).to.equal('input_invalid');
  });

  it('are read again by a process that began before the number was said [A2]', async () => {
    const { clock } = movableClock(START);
    const store = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
    const gets = Promise.withResolvers<void>();
    const early: Store = {
      ...store,
      async get(kind, id) {
        const found = await store.get(kind, id);
        if (kind.name === headKind.name) await gets.promise;
        return found;
      },
    };
    const audit = createAudit({ store: early, clock, log: silentLog, node: 'n', build: 'b' });
    const recording = audit.record({ type: 'request_received', correlation_id: 'c', summary: 's' });
    await fixChains(store, 16);
    gets.resolve();

    await recording;

    expect(await verifyChain(store)).to.deep.include({ ok: true, records: 1, chains: 16 });
    expect(await store.get(headKind, CHAIN)).to.equal(undefined);
  });

  it('take turns by request: its records stay in one chain, in order, and all chains are used [A2, A4]', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 2, 5, 16),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }),
        async (chains, requests) => {
          const { store, say } = await desk(chains);
          await Promise.all(requests.map((request, n) => say(`r-${request}`, String(n))));

          const records = await all(store);
          const report = await verifyChain(store);
          await store.close();

          expect(report).to.deep.include({ ok: true, chains, records: requests.length });
          for (const request of new Set(requests)) {
            const mine = records.filter((record) => record.correlation_id === `r-${request}`);
            const said = requests.flatMap((one, n) => (one === request ? [n] : []));
            expect(new Set(mine.map(({ chain }) => chain)).size).to.equal(1);
            expect(mine.map(({ summary }) => Number(summary))).to.deep.equal(said);
          }
        },
      ),
      { numRuns: 40, seed: 2026 },
    );
  });

  it('spread requests evenly, and a record is quoted with its chain where there are several [A2]', async () => {
    const { store } = await desk(16);
    const { names } = await readChains(store);
    const counts = new Map<string, number>();
    for (let n = 0; n < 16_000; n += 1) {
      const name = chainFor(`c-${n}`, names);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }

    const quotes = ['main', 'main-3', 'main-f'].map((chain) => quoted({ chain, seq: 1234 }));

    expect([...counts.keys()].toSorted()).to.deep.equal([...names].toSorted());
    for (const count of counts.values()) expect(count).to.be.within(850, 1_150);
    expect(quotes).to.deep.equal(['1234', '3/1234', 'f/1234']);
  });

  it('are listed as one, newest first, page by page, whatever the pages hold [A4]', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 3, 16),
        fc.integer({ min: 0, max: 70 }),
        fc.integer({ min: 1, max: 30 }),
        async (chains, length, limit) => {
          const { store, say, setNow } = await desk(chains);
          for (let n = 1; n <= length; n += 1) {
            setNow(START + n * 1_000);
            await say(`c-${n}`, String(n));
          }
          const said: number[] = [];
          let after: string | undefined;
          do {
            const page = await newestRecords(store, { limit, after });
            said.push(...page.records.map(({ summary }) => Number(summary)));
            expect(page.records.length === limit || page.next === undefined).to.equal(true);
            after = page.next;
            // What comes while somebody reads belongs to no older page.
            if (after !== undefined) await say(`later-${said.length}`, '0');
          } while (after !== undefined);
          await store.close();

          expect(said).to.deep.equal(Array.from({ length }, (_, n) => length - n));
        },
      ),
      { numRuns: 60, seed: 2026 },
    );
  });

  it('stand in the list of a tool and of a person by their time, whatever their numbers are [A4]', async () => {
    const { store, parts, setNow } = await desk(16);
    const audit = createAudit({ ...parts, build: 'b' });
    const actor = { person: 'alice@example.com', name: 'Alice', channel: 'web', user_id: 'a', auth: 'test' };
    for (let n = 1; n <= 60; n += 1) {
      setNow(START + n * 1_000);
      const facts = { actor, tool: 'reboot_ec2', change_id: 'chg-1', summary: String(n) };
      await audit.record({ type: 'request_received', correlation_id: `c-${n}`, ...facts });
    }
    const lists = { by_tool: 'reboot_ec2', by_person: 'alice@example.com', by_change: 'chg-1' };

    const pages = await Promise.all(
      Object.entries(lists).map(([index, partition]) => store.query(auditKind, { index, partition, limit: 100 })),
    );

    const inOrder = Array.from({ length: 60 }, (_, n) => String(n + 1));
    for (const { rows } of pages) expect(rows.map(({ value }) => value.summary)).to.deep.equal(inOrder);
  });

  it('refuse a mark of the next page that no page gave [A4]', async () => {
    const { store, record } = await desk(16);
    await record(5);

    const ends = await Promise.allSettled(
      ['', 'x', Buffer.from('[1,2]').toString('base64url')].map((after) => newestRecords(store, { limit: 5, after })),
    );

    for (const end of ends)
      expect(end.status === 'rejected' && end.reason instanceof OpsError && end.reason.code).to.equal('input_invalid');
  });

  it('hold a whole change in one, in its order, and the desk lists it by change, person and tool [A4, G8]', async () => {
    const { clock, setNow } = movableClock(START);
    const store = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
    await fixChains(store, 16);
    const house = await createHouse({ store, clock: { clock, setNow } });
    const { id } = await propose(house, CALLS.medium);
    await approveAll(house, id, 'dave');

    const history = await house.desk.history(id);
    const mine = await house.desk.audit({ tool: 'reboot_ec2', limit: 50 });
    const everything = await house.desk.audit({ limit: 50 });

    const types = history.map(({ type }) => type);
    expect(types.slice(0, 4)).to.deep.equal([
      'approval_requested',
      'approval_granted',
      'change_intent',
      'change_outcome',
    ]);
    expect(mine.records.map(({ hash }) => hash)).to.include.members(history.map(({ hash }) => hash));
    expect(everything.records.length).to.be.at.least(history.length);
    expect((await verifyChain(store)).ok).to.equal(true);
  });

  it('are checked against the copy, chain by chain [A2]', async () => {
    const copy = createAuditCopy(path('audit.jsonl'), silentLog);
    const { store, record } = await desk(16, copy.append);
    await record(60);
    await copy.close();
    const { hashes } = await readAuditCopy(path('audit.jsonl'));
    const whole = await verifyChain(store, hashes);
    const newest = (await all(store)).filter(({ chain }) => chain === 'main-7').at(-1);
    if (!newest) throw new Error('chain 7 is empty');
    const row = await store.get(auditKind, `${String(newest.seq).padStart(12, '0')}-${newest.hash}`);
    const head = await store.get(headKind, 'main-7');
    if (!row || !head) throw new Error('not found');
    await store.transact([
      remove(auditKind, row),
      update(headKind, head, { seq: newest.seq - 1, hash: newest.prev_hash }),
    ]);

    const alone = await verifyChain(store);
    const withCopy = await verifyChain(store, hashes);

    expect(whole.ok).to.equal(true);
    expect(alone.ok, 'nothing inside can tell').to.equal(true);
    expect(withCopy.firstBad).to.deep.equal({
      chain: 'main-7',
      seq: newest.seq,
      because: 'the copy holds records that the store has lost',
    });
  });

  it('are looked at quickly at their ends, and the head of each is compared [O4, A2]', async () => {
    const { store, record } = await desk(16);
    await record(400);
    const whole = await verifyEnd(store);
    const head = await store.get(headKind, 'main-a');
    if (!head) throw new Error('no head');
    await store.transact([update(headKind, head, { ...head.value, hash: 'f'.repeat(64) })]);

    const bad = await verifyEnd(store);

    expect(whole).to.deep.include({ ok: true, chains: 16 });
    expect(whole.records).to.be.within(150, 208);
    expect(bad.firstBad).to.deep.equal({
      chain: 'main-a',
      seq: head.value.seq,
      because: 'it is not what the head of the chain says',
    });
  });

  it('arrive in the copy outside each in its order, and an outage is announced for each [A2, A3]', async () => {
    const { store, parts, record, say, setNow } = await desk(16);
    const lines: string[] = [];
    const place = {
      name: 'memory',
      longestLine: 10_000,
      append: async (batch: readonly string[]) => void lines.push(...batch),
    };
    const stream = createAuditStream({ ...parts, place });
    await record(100);
    await stream.tick();
    await say('late', 'said while it was away');
    setNow(START + 20 * 60_000);

    await stream.tick();

    const told = lines.map((line) => JSON.parse(line));
    const gaps = told.filter(({ gap }) => gap === 'late');
    for (const name of (await readChains(store)).names) {
      const seqs = told.filter(({ chain, gap }) => chain === name && gap === undefined).map(({ seq }) => seq);
      expect(seqs).to.deep.equal(Array.from({ length: seqs.length }, (_, n) => n + 1));
    }
    expect(told.length - gaps.length).to.equal(101);
    expect(gaps.map(({ chain }) => chain)).to.deep.equal([chainFor('late', (await readChains(store)).names)]);
  });

  it('share one signed checkpoint, made when a hundred records wait in all of them together [A2]', async () => {
    const { store, parts, say, setNow } = await desk(16);
    const signer = newSigner();
    const place = linesPlace();
    const checkpointer = createCheckpointer({ ...parts, signer: async () => signer, place });
    const ends: number[] = [];
    const covered = async () => headsOf(await lastCheckpoint(store)).reduce((sum, { seq }) => sum + seq, 0);
    const audit = createAudit({ ...parts, build: 'b', copy: checkpointer.recorded });
    await say('c', 'the first');
    await checkpointer.tick();
    for (let n = 1; n <= 99; n += 1)
      await audit.record({ type: 'request_received', correlation_id: `c-${n}`, summary: `said ${n}` });
    ends.push(await covered());
    await audit.record({ type: 'request_received', correlation_id: 'c-100', summary: 'said 100' });
    // Nobody asks for it: the hundredth record sets it off.
    for (let turns = 0; turns < 1_000 && (await covered()) < 101; turns += 1) await nextLoop();
    ends.push(await covered());
    setNow(START + 60_000);
    await say('c', 'the last');
    const sealed = await checkpointer.seal(1_000);
    ends.push(await covered());

    const report = await verifyRecord(store, {
      copyPath: undefined,
      checkpoints: { place, keys: async () => publicKeysOf([signer.publicKeyPem]) },
    });

    expect(sealed).to.equal(undefined);
    expect(ends).to.deep.equal([1, 101, 102]);
    expect(headsOf(await lastCheckpoint(store)).map(({ chain }) => chain)).to.deep.equal(
      (await readChains(store)).names,
    );
    expect(report).to.deep.include({ ok: true, records: 102, chains: 16 });
    expect(report.checkpoints).to.deep.include({ kind: 'checked', sound: 3, brokenLines: 0 });
    expect(checkpointer.state()).to.deep.equal({ lagRecords: 0, lagSeconds: 0 });
  });
});
