import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createAudit } from '../../approvals/audit.ts';
import { auditKind, CHAIN } from '../../approvals/audit-record.ts';
import { checkpointsOf, headsOf, lastCheckpoint } from '../../approvals/checkpoint.ts';
import { checkpointFile } from '../../approvals/checkpoint-file.ts';
import { createKeyFiles, publicKeysOf, readSigningKey } from '../../approvals/checkpoint-keys.ts';
import { type CheckpointPlace, type CheckpointState, createCheckpointer } from '../../approvals/checkpointer.ts';
import { verifyRecord } from '../../approvals/record-verify.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { type Store, update } from '../../store/store.ts';
import { movableClock } from '../store/movable-clock.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { linesPlace, newSigner } from './tamper/signed-chain.ts';

const START = Date.parse('2026-11-20T12:00:00Z');
const PROGRAM = fileURLToPath(new URL('checkpoint-process.ts', import.meta.url));

async function desk(place: CheckpointPlace = linesPlace(), writeMs?: number) {
  const { clock, setNow } = movableClock(START);
  const parts = { clock, log: silentLog, node: 'n' };
  const store = await createSqliteStore({ path: ':memory:', ...parts });
  const signer = newSigner();
  const seen: CheckpointState[] = [];
  const observe = (state: CheckpointState) => seen.push(state);
  const checkpointer = createCheckpointer({ ...parts, store, signer: async () => signer, place, observe, writeMs });
  const audit = createAudit({ ...parts, store, build: 'b', copy: checkpointer.recorded });
  const record = async (times: number) => {
    for (let n = 1; n <= times; n += 1)
      await audit.record({ type: 'request_received', correlation_id: `c-${n}`, summary: `said ${n}` });
    // What the last record set off is over before anything is looked at.
    await checkpointer.tick();
  };
  const covered = async () => headsOf(await lastCheckpoint(store))[0]?.seq;
  const verify = () =>
    verifyRecord(store, {
      copyPath: undefined,
      checkpoints: { place, keys: async () => publicKeysOf([signer.publicKeyPem]) },
    });
  return { store, checkpointer, record, covered, verify, setNow, clock, seen };
}

const numbersOf = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).number);

describe('audit checkpoints', () => {
  it('are made when a hundred records wait, or one for a minute, and never for nothing [A2]', async () => {
    const { checkpointer, record, covered, setNow } = await desk();
    const ends: (number | undefined)[] = [];
    const look = async () => ends.push(await covered());

    await checkpointer.tick();
    await look();
    await record(1);
    await look();
    await record(98);
    setNow(START + 59_999);
    await checkpointer.tick();
    await look();
    setNow(START + 60_000);
    await checkpointer.tick();
    await look();
    await record(105);
    await look();
    setNow(START + 500_000);
    await checkpointer.tick();
    setNow(START + 900_000);
    await checkpointer.tick();
    await look();

    expect(ends).to.deep.equal([undefined, 1, 1, 99, 199, 204]);
  });

  it('arrive in the second place in order, and say what they prove [A2]', async () => {
    const place = linesPlace();
    const { record, verify, setNow } = await desk(place);
    await record(1);
    setNow(START + 60_000);
    await record(1);

    const report = await verify();

    expect(numbersOf(place.lines)).to.deep.equal([1, 2]);
    expect(report).to.deep.include({ ok: true, records: 2 });
    expect(report.checkpoints).to.deep.include({ kind: 'checked', sound: 2, brokenLines: 0 });
  });

  it('are not signed for a chain that was written anew after the last one [A2]', async () => {
    const { store, record, checkpointer, setNow, covered } = await desk();
    await record(6);
    const { rows } = await store.query(auditKind, { index: 'by_chain', partition: CHAIN, limit: 10 });
    const [row] = rows.filter(({ value }) => value.seq === 4);
    if (!row) throw new Error('no record');
    await store.transact([update(auditKind, row, { ...row.value, summary: 'never said' })]);
    setNow(START + 60_000);

    const state = await checkpointer.tick();

    expect(await covered()).to.equal(1);
    expect(state.problem).to.match(/record 4 is bad/);
  });

  it('that do not arrive are counted, retried and delivered late, and recording goes on [A2, A6]', async () => {
    const place = linesPlace();
    let broken = true;
    const away = {
      ...place,
      write: async (number: number, line: string) => (broken ? fail() : place.write(number, line, signal)),
    };
    const { record, checkpointer, verify, setNow } = await desk(away);
    await record(3);
    setNow(START + 60_000);
    const during = await checkpointer.tick();
    const arrivedDuring = place.lines.length;
    broken = false;

    const after = await checkpointer.tick();

    expect(arrivedDuring).to.equal(0);
    expect(during).to.deep.equal({ lagRecords: 3, lagSeconds: 60, problem: 'the other disk is away' });
    expect(after).to.deep.equal({ lagRecords: 0, lagSeconds: 0 });
    expect(numbersOf(place.lines)).to.deep.equal([1, 2]);
    expect((await verify()).ok).to.equal(true);
  });

  it('give up on a second place that hangs, and wait for one that is slow [A2, A3]', async () => {
    const place = linesPlace();
    const hangs = await desk({ ...place, write: () => new Promise(() => {}) }, 50);
    await hangs.record(1);
    const slowly = async (_number: number, line: string) => {
      await systemClock.sleep(40);
      place.lines.push(line);
    };
    const slow = await desk({ ...place, write: slowly }, 5_000);
    await slow.record(1);

    const states = [hangs.checkpointer.state(), slow.checkpointer.state()];

    expect(states[0]?.problem).to.match(/timeout/);
    expect(states[1]).to.deep.equal({ lagRecords: 0, lagSeconds: 0 });
    expect((await slow.verify()).ok).to.equal(true);
  });

  it('can be asked for at once, and say when they did not arrive in time [A3]', async () => {
    const place = linesPlace();
    let broken = false;
    const shaky = {
      ...place,
      write: async (number: number, line: string) => (broken ? fail() : place.write(number, line, signal)),
    };
    const { record, checkpointer, covered } = await desk(shaky);
    await record(7);

    const sealed = await checkpointer.seal(1_000);
    const upTo = await covered();
    broken = true;
    await record(1);
    const unsealed = await checkpointer.seal(1_000);

    expect([sealed, upTo]).to.deep.equal([undefined, 7]);
    expect(unsealed).to.equal('the other disk is away');
  });
});

const { signal } = new AbortController();
const fail = (): never => {
  throw new Error('the other disk is away');
};

describe('audit checkpoints of several processes', function () {
  this.timeout(60_000);
  const path = temporaryFolder();

  const open = () => createSqliteStore({ path: path('ops.db'), clock: systemClock, log: silentLog });
  const place = () => checkpointFile(path('second'));
  const run = async (records: number, barrier = 0, die = ''): Promise<unknown> => {
    const args = [PROGRAM, path('ops.db'), path('key.pem'), path('second'), String(records), String(barrier), die];
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    const [code, killedBy] = await once(child, 'exit');
    return killedBy ?? code;
  };
  const verify = (store: Store) => {
    const { publicKeyPem } = readSigningKey(path('key.pem'));
    const keys = async () => publicKeysOf([publicKeyPem]);
    return verifyRecord(store, { copyPath: undefined, checkpoints: { place: place(), keys } });
  };

  beforeEach(() => {
    createKeyFiles(path('key.pem'));
  });

  it('never fork, lose none and cover everything, with three processes at once [A2]', async () => {
    const barrier = Date.now() + 1_500;

    const ends = await Promise.all([run(40, barrier), run(40, barrier), run(40, barrier)]);

    const store = await open();
    const report = await verify(store);
    const numbers: number[] = [];
    for await (const { number } of checkpointsOf(store)) numbers.push(number);
    expect(ends).to.deep.equal([0, 0, 0]);
    expect(report).to.deep.include({ ok: true, records: 120 });
    expect(report.checkpoints).to.deep.include({ kind: 'checked', sound: numbers.length, brokenLines: 0 });
    expect(numbers.length).to.be.within(8, 24);
    expect(report.checkpoints.kind === 'checked' && headsOf(report.checkpoints.newest)[0]?.seq).to.equal(120);
    await store.close();
  });

  it('are made up for by the next process when one dies between record and checkpoint [A2]', async () => {
    const ended = await run(5, 0, 'die');
    const before = await open();
    const left = await verify(before);
    await before.close();
    await run(5);

    const store = await open();
    const report = await verify(store);

    expect(ended).to.equal('SIGKILL');
    expect(left).to.deep.include({ ok: true, records: 5 });
    expect(left.checkpoints).to.deep.include({ sound: 0 });
    expect(report).to.deep.include({ ok: true, records: 10 });
    expect(report.checkpoints.kind === 'checked' && headsOf(report.checkpoints.newest)[0]?.seq).to.equal(10);
    await store.close();
  });

  it('survive a line that a dying process left half-written [A2]', async () => {
    await run(5);
    appendFileSync(path('second'), '{"at":"2026-');
    await run(5);

    const store = await open();
    const report = await verify(store);

    expect(report.ok).to.equal(true);
    expect(report.checkpoints).to.deep.include({ sound: 2, brokenLines: 1 });
    await store.close();
  });

  it('name what is missing when the second place was emptied or says two things [A2]', async () => {
    await run(10);
    const store = await open();
    const whole = readFileSync(path('second'), 'utf8');
    const [first = ''] = whole.split('\n');

    appendFileSync(path('second'), `${first.replace('"seq":5', '"seq":4')}\n`);
    const contradicted = await verify(store);
    truncateSync(path('second'), 0);
    const emptied = await verify(store);
    writeFileSync(path('second'), whole);
    const restored = await verify(store);

    expect(contradicted.firstBad).to.deep.equal({
      chain: 'main',
      seq: 1,
      because: 'checkpoint 1 stands twice in the second place, with different words',
    });
    expect(emptied.firstBad).to.deep.equal({
      chain: 'main',
      seq: 1,
      because: 'checkpoint 1 is missing in the second place',
    });
    expect(restored.ok).to.equal(true);
    await store.close();
  });
});
