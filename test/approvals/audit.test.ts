import { appendFileSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { type Audit, createAudit } from '../../approvals/audit.ts';
import { createAuditCopy, readAuditCopy } from '../../approvals/audit-copy.ts';
import { CHAIN, GENESIS } from '../../approvals/audit-record.ts';
import { verifyChain } from '../../approvals/audit-verify.ts';
import { systemClock } from '../../lib/clock.ts';
import { OpsError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import type { Store } from '../../store/store.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { approveAll, CALLS, caller, createHouse, decide, posts, propose, records, stored } from './house.ts';

const fact = (n: number | string) => ({
  type: 'request_received' as const,
  correlation_id: `c-${n}`,
  summary: `said ${n}`,
});

describe('audit', () => {
  const path = temporaryFolder();
  const open = () => createSqliteStore({ path: path('ops.db'), clock: systemClock, log: silentLog });
  const auditOn = (store: Store, copy?: Parameters<typeof createAudit>[0]['copy']): Audit =>
    createAudit({ store, clock: systemClock, log: silentLog, node: 'n', build: 'b', copy });
  const seqs = async (store: Store) => (await records({ store })).map(({ seq }) => seq);

  it('starts from nothing and chains each record to the one before [A2]', async () => {
    const store = await open();
    const empty = await verifyChain(store);
    const audit = auditOn(store);
    await audit.record(fact(1));
    await audit.record(fact(2));

    const [first, second] = await records({ store });
    expect(empty).to.deep.equal({ ok: true, records: 0, chains: 1, head: GENESIS });
    expect(first?.prev_hash).to.equal(GENESIS);
    expect(second?.prev_hash).to.equal(first?.hash);
    expect(await verifyChain(store)).to.deep.equal({ ok: true, records: 2, chains: 1, head: second?.hash });
    await store.close();
  });

  it('never forks with many writers at once, in the order they were called [A2]', async () => {
    const store = await open();
    const audit = auditOn(store);

    await Promise.all(Array.from({ length: 150 }, (_, n) => audit.record(fact(n))));

    expect(await seqs(store)).to.deep.equal(Array.from({ length: 150 }, (_, n) => n + 1));
    expect((await records({ store })).map(({ summary }) => summary).slice(0, 3)).to.deep.equal([
      'said 0',
      'said 1',
      'said 2',
    ]);
    expect((await verifyChain(store)).ok).to.equal(true);
    await store.close();
  });

  it('never forks with two stores on one file, and loses no record [A2]', async () => {
    const stores = [await open(), await open()];
    const writers = stores.flatMap((store, place) => {
      const audit = auditOn(store);
      return Array.from({ length: 60 }, (_, n) => audit.record(fact(`${place}-${n}`)));
    });

    await Promise.all(writers);

    const [store] = stores;
    if (!store) throw new Error('no store');
    const all = await records({ store });
    expect(new Set(all.map(({ summary }) => summary)).size).to.equal(120);
    expect((await verifyChain(store)).ok).to.equal(true);
    await Promise.all(stores.map((one) => one.close()));
  });

  it('writes a copy in chain order that agrees with the store [A2]', async () => {
    const store = await open();
    const copy = createAuditCopy(path('audit.jsonl'), silentLog);
    const audit = auditOn(store, copy.append);
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => audit.record({ ...fact(n), summary: 'two\nlines\u2028and \u001b[31mred' })),
    );
    await copy.close();

    const { hashes, broken } = await readAuditCopy(path('audit.jsonl'));
    const copied = hashes.get(CHAIN) ?? new Map();
    const lines = readFileSync(path('audit.jsonl'), 'utf8').trimEnd().split('\n');
    expect([copied.size, broken, lines.length]).to.deep.equal([40, 0, 40]);
    expect([...copied.keys()]).to.deep.equal(await seqs(store));
    expect((await verifyChain(store, hashes)).ok).to.equal(true);
    await store.close();
  });

  it('counts a line that says something else of a record as broken: a copy is only ever added to [A2]', async () => {
    const store = await open();
    const copy = createAuditCopy(path('audit.jsonl'), silentLog);
    const audit = auditOn(store, copy.append);
    await audit.record(fact(1));
    await copy.close();
    appendFileSync(path('audit.jsonl'), `{"chain":"main","seq":1,"hash":"${'f'.repeat(64)}"}\nnot json\n{"seq":"1"}\n`);

    const { hashes, broken } = await readAuditCopy(path('audit.jsonl'));

    expect(hashes.get(CHAIN)?.get(1)).to.equal((await records({ store }))[0]?.hash);
    expect(broken).to.equal(3);
    await store.close();
  });

  it('names the very record that cannot be read [A2]', async () => {
    const store = await open();
    const audit = auditOn(store);
    await Promise.all(Array.from({ length: 30 }, (_, n) => audit.record(fact(n))));
    await store.close();
    for (const body of ['{"half":', '{}', 'null']) {
      const db = new Database(path('ops.db'));
      const { id } = db.prepare("SELECT id FROM records WHERE kind = 'audit' ORDER BY id LIMIT 1 OFFSET 16").get() as {
        id: string;
      };
      db.prepare("UPDATE records SET body = ? WHERE kind = 'audit' AND id = ?").run(body, id);
      db.close();
      const again = await open();

      const report = await verifyChain(again);

      expect(report.firstBad?.seq, body).to.equal(17);
      expect(report.records).to.equal(16);
      await again.close();
    }
  });
});

/** A store in which rows of one kind cannot be read at the flick of a switch. */
function unreadable(kind: string) {
  const fault = { on: false };
  const through = (store: Store): Store => ({
    ...store,
    get: async (wanted, id) => {
      if (!fault.on || wanted.name !== kind) return store.get(wanted, id);
      throw new OpsError('store_unavailable', 'the disk does not answer', { hint: 'Look at it.', retryable: true });
    },
  });
  return { fault, through };
}

/** A store that stops taking audit records at the flick of a switch. */
function failingAudit() {
  const fault = { on: false };
  const through = (store: Store): Store => ({
    ...store,
    async transact(writes, options) {
      if (fault.on && writes.some(({ kind }) => kind.name === 'audit'))
        throw new OpsError('store_unavailable', 'the disk is full', { hint: 'Make room.', retryable: true });
      return store.transact(writes, options);
    },
  });
  return { fault, through };
}

describe('without audit records', () => {
  it('nothing is proposed, decided, executed or paused, and reads are answered [A3]', async () => {
    const { fault, through } = failingAudit();
    const house = await createHouse({ through });
    const { id, token } = await propose(house, CALLS.medium);
    fault.on = true;

    const outcomes = [
      await house.gate.submit(CALLS.low, caller('alice')),
      await decide(house, 'dave', id),
      await decide(house, 'dave', token),
      await decide(house, 'dave', id, { verdict: 'reject', reason: 'no' }),
      await decide(house, 'alice', id, { verdict: 'cancel' }),
      await house.gate.pause('why not', caller('bob')),
      await house.gate.submit(
        { tool: 'create_incident_record', input: { summary: 'checkout is slow', severity: 'low' } },
        caller('alice'),
      ),
    ];
    const read = await house.gate.submit(
      { tool: 'get_ec2_status', input: { instance_id: known.sickInstance } },
      caller('carol'),
    );

    for (const outcome of outcomes) {
      expect(outcome.status).to.equal('failed');
      expect(outcome).to.have.nested.property('error.code', 'audit_unavailable');
    }
    expect(read.status).to.equal('done');
    expect((await stored(house, id)).state).to.equal('pending');
    expect(house.aws.writes).to.have.length(0);
  });

  for (const [what, kind] of [
    ['the head of the chain', 'audit_head'],
    ['the number of chains', 'audit_layout'],
  ] as const)
    it(`whatever failed because ${what} could not be read, goes on once it can be read again [A3, A2]`, async () => {
      const { fault, through } = unreadable(kind);
      const house = await createHouse({ through });
      fault.on = true;

      const during = await house.gate.submit(CALLS.low, caller('alice'));
      const nothing = await records(house);
      fault.on = false;
      const { id } = await propose(house, CALLS.low);

      const recorded = await records(house);
      expect(during).to.have.nested.property('error.code', 'audit_unavailable');
      expect(nothing).to.deep.equal([]);
      expect(recorded.map(({ seq, change_id }) => [seq, change_id])).to.deep.equal([[1, id]]);
      expect((await verifyChain(house.store)).ok).to.equal(true);
    });

  it('an approved change stays unsent when the INTENT cannot be recorded, and runs later or not at all [A3, G10]', async () => {
    const { fault, through } = failingAudit();
    const house = await createHouse({ through });
    const { id } = await propose(house, CALLS.medium);
    let looks = 0;
    house.aws.seen = (_operation, output) => {
      looks += 1;
      fault.on = true;
      return output;
    };

    const outcome = await decide(house, 'dave', id);
    const during = await stored(house, id);
    fault.on = false;
    house.aws.seen = (_operation, output) => output;
    house.setNow(house.clock.now() + 10_000);
    await house.gate.sweep(new AbortController().signal);
    await house.gate.idle();

    expect(looks).to.be.greaterThan(0);
    expect(outcome).to.have.nested.property('error.code', 'audit_unavailable');
    expect(during.state).to.equal('approved');
    expect((await stored(house, id)).state).to.equal('succeeded');
    expect(house.aws.writes).to.have.length(1);
  });

  it('an OUTCOME that cannot be recorded is tried again and never sent again [A3, G10]', async () => {
    const { fault, through } = failingAudit();
    const house = await createHouse({ through });
    const { id } = await propose(house, CALLS.medium);
    house.aws.onWrite = () => {
      fault.on = true;
    };

    const outcome = await decide(house, 'dave', id);
    fault.on = false;
    house.setNow(house.clock.now() + 60_000);
    await house.gate.sweep(new AbortController().signal);

    expect(outcome.status).to.equal('failed');
    expect((await stored(house, id)).state).to.equal('unknown');
    expect(house.aws.writes).to.have.length(1);
    expect((await records(house)).map(({ type }) => type)).to.include('change_lost');
  });
});

describe('secrets in words of people', () => {
  const CANARIES = [
    'AKIAIOSFODNN7CANARY1',
    'xoxb-123456789012-canarycanary',
    'ghp_canary0123456789canary0123456789',
    'hunter2canary',
  ];
  const said = `key ${CANARIES[0]}, ${CANARIES[1]}, ${CANARIES[2]}, password=${CANARIES[3]}`;

  it('reach no record, card, message or answer, whichever way they come in [A5]', async () => {
    const house = await createHouse();
    const asked = await propose(house, { ...CALLS.medium, input: { ...CALLS.medium.input, reason: said } });
    await decide(house, 'carol', asked.id, { verdict: 'reject', reason: said });
    await decide(house, 'dave', asked.id, { verdict: 'reject', reason: said });
    const next = await propose(house, { ...CALLS.low, input: { ...CALLS.low.input, reason: said } });
    house.aws.onWrite = () => {
      throw Object.assign(new Error(said), {
        name: 'ClientException',
        $fault: 'client',
        $metadata: { httpStatusCode: 400 },
      });
    };
    await approveAll(house, next.id, 'dave');
    await house.gate.submit({ tool: `x ${said}`, input: {} }, caller('alice'));
    await house.gate.pause(said, caller('bob'));
    await house.gate.submit(CALLS.low, caller('alice'));

    const shown = await Promise.all([asked.id, next.id].map(async (id) => house.desk.card(await stored(house, id))));
    const everything = JSON.stringify([await records(house), await posts(house), shown]);

    for (const canary of CANARIES) expect(everything).to.not.include(canary);
    expect(everything).to.include('[redacted');
  });
});
