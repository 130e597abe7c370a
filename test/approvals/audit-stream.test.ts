import { expect } from 'chai';
import { createAudit } from '../../approvals/audit.ts';
import { createAuditStream } from '../../approvals/audit-stream.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { movableClock } from '../store/movable-clock.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-20T12:00:00Z');

async function desk(longestLine = 10_000) {
  const { clock, setNow } = movableClock(START);
  const store = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
  const audit = createAudit({ store, clock, log: silentLog, node: 'n', build: 'b' });
  const lines: string[] = [];
  const outage = { on: false };
  const place = {
    name: 'memory',
    longestLine,
    async append(batch: readonly string[]) {
      if (outage.on) throw new Error('CloudWatch is away');
      lines.push(...batch);
    },
  };
  const stream = (node = 'n') => createAuditStream({ store, clock, log: silentLog, place, node });
  const record = async (times: number, summary = 'said') => {
    for (let n = 1; n <= times; n += 1)
      await audit.record({ type: 'request_received', correlation_id: `c-${n}`, summary });
  };
  const told = () => lines.map((line) => JSON.parse(line));
  const seqs = () => told().flatMap(({ gap, seq }) => (gap === 'late' ? [] : [seq]));
  return { stream, record, told, seqs, outage, setNow };
}

const upTo = (seq: number) => Array.from({ length: seq }, (_, place) => place + 1);

describe('the audit copy outside', () => {
  it('holds every record once, in order, batch after batch [A2]', async () => {
    const { stream, record, seqs } = await desk();
    await record(450);

    const problem = await stream().tick();

    expect(problem).to.equal(undefined);
    expect(seqs()).to.deep.equal(upTo(450));
  });

  it('says after an outage from which record to which it was behind, and then brings them in order [A2, A3]', async () => {
    const { stream, record, told, seqs, outage, setNow } = await desk();
    const copy = stream();
    await record(3);
    await copy.tick();
    outage.on = true;
    await record(250);
    const during = await copy.tick();
    setNow(START + 20 * MINUTE);
    outage.on = false;

    await copy.tick();
    await record(2);
    await copy.tick();

    const gaps = told().filter(({ gap }) => gap === 'late');
    expect(during).to.equal('CloudWatch is away');
    expect(copy.problem()).to.equal(undefined);
    expect(gaps).to.have.length(1);
    expect(gaps[0]).to.deep.include({ from: 4, to: 253, since: '2026-11-20T12:00:00.000Z' });
    expect(told()[3]).to.deep.equal(gaps[0]);
    expect(seqs()).to.deep.equal(upTo(255));
  });

  it('is taken up by another process where the first one stopped [A2]', async () => {
    const { stream, record, seqs } = await desk();
    await record(5);
    await stream('first').tick();
    await record(5);

    await Promise.all([stream('second').tick(), stream('third').tick()]);

    expect(seqs()).to.deep.equal(upTo(10));
  });

  it('names a record that no line can hold by its hash [A2]', async () => {
    const { stream, record, told } = await desk(1_000);
    await record(1, 'x'.repeat(2_000));

    await stream().tick();

    expect(told()[0]).to.deep.include({ seq: 1, gap: 'too long for this place' });
    expect(told()[0].hash).to.match(/^[0-9a-f]{64}$/);
  });
});
