import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { z } from 'zod';
import { auditKind, CHAIN } from '../../approvals/audit-record.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { openStore } from '../../store/open.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { type OtherProcess, otherProcess } from '../store/other-process.ts';
import { ALICE, BOB, type Installation, install } from './opsagent.ts';
import { eventually, recordOf } from './record-of.ts';
import { pressOf, type Serving, serveIn } from './serving.ts';

const { sickInstance, healthyInstance } = known;
const READ = { text: `ec2 status ${sickInstance}` };

/** As a proxy does: those it has just sent on are heard before it takes a server away. */
const DRAIN_MS = 250;

/** Whoever connects later is answered later: once this is, the server has those that were sent before. */
async function untilTaken(server: Serving): Promise<void> {
  await server.get('/health');
  await systemClock.sleep(DRAIN_MS);
}

describe('a restart while people talk', function () {
  this.timeout(60_000);
  let house: Installation;
  let servers: Serving[];

  beforeEach(() => {
    house = install();
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) server.signal('SIGKILL');
    await Promise.all(servers.map(({ ended }) => ended));
    house.remove();
  });

  const serve = async (): Promise<Serving> => {
    const server = await serveIn(house);
    servers.push(server);
    return server;
  };

  /** While another process holds the store no turn can end. */
  async function holdStore(): Promise<OtherProcess> {
    const other = otherProcess('hold', house.path('data/ops.db'));
    await other.said(1);
    return other;
  }

  async function letGo(other: OtherProcess): Promise<void> {
    other.child.stdin?.end();
    await other.ended;
  }

  const talk = (server: Serving, turns: number, what = READ): Promise<Record<string, unknown>[]> =>
    Promise.all(Array.from({ length: turns }, () => server.turn(ALICE, what)));

  const answersIn = async (server: Serving): Promise<number> =>
    (await server.messages(ALICE)).filter(({ view }) => view?.kind !== 'approval' && view?.title.includes(sickInstance))
      .length;

  async function requestsOnRecord(): Promise<number> {
    const store = await openStore(house.env.STORE ?? '', { clock: systemClock, log: silentLog });
    const { rows } = await store.query(auditKind, { index: 'by_chain', partition: CHAIN, limit: 200 });
    await store.close();
    return rows.filter(({ value }) => value.type === 'request_received').length;
  }

  it('answers each of 20 turns that are under way at SIGTERM, and records each once [O5]', async () => {
    const server = await serve();
    const other = await holdStore();
    const reads = talk(server, 18);
    const proposals = Promise.all(
      [sickInstance, healthyInstance].map((id) => server.turn(ALICE, { text: `reboot ${id}` })),
    );
    await untilTaken(server);

    server.signal('SIGTERM');
    await systemClock.sleep(500);
    await letGo(other);
    const [read, proposed, { code }] = await Promise.all([reads, proposals, server.ended]);

    const next = await serve();
    expect(read.map(({ outcome }) => outcome)).to.deep.equal(Array(18).fill('done'));
    expect(proposed.map(({ outcome }) => outcome)).to.deep.equal(['pending', 'pending']);
    expect(code).to.equal(0);
    expect({ shown: await answersIn(next), recorded: await requestsOnRecord() }).to.deep.equal({
      shown: 18,
      recorded: 20,
    });
    expect(await next.approvals(BOB, 'pending')).to.have.length(2);
    expect((await house.run(['audit', 'verify'])).code).to.equal(0);
  });

  it('answers every turn of two processes on one store when the first is stopped, and its card works in the second [O5, G10]', async () => {
    const first = await serve();
    await first.turn(ALICE, { text: `reboot ${sickInstance}` });
    const [card] = await first.approvals(BOB, 'pending');
    if (!card) throw new Error('nothing is pending');
    const second = await serve();
    const other = await holdStore();
    const underWay = [talk(first, 10), talk(second, 10)];
    await untilTaken(first);

    first.signal('SIGTERM');
    await systemClock.sleep(500);
    await letGo(other);
    const answers = (await Promise.all(underWay)).flat();
    const { code } = await first.ended;
    const pressed = await second.turn(BOB, pressOf(card, 'approve'), '#ops');

    expect(answers.map(({ outcome }) => outcome)).to.deep.equal(Array(20).fill('done'));
    expect(code).to.equal(0);
    expect(pressed).to.include({ outcome: 'done', approvalId: card.approvalId });
    const ended = await eventually(
      () => recordOf(house.env.STORE ?? '', card.approvalId),
      ({ approval }) => approval.state === 'succeeded',
      10_000,
    );
    expect({ state: ended.approval.state, calls: ended.done.length }).to.deep.equal({ state: 'succeeded', calls: 1 });
  });

  it('loses no turn of people who go on talking while the server is replaced three times [O5]', async () => {
    let current = await serve();
    let rolling = true;
    const outcomes: string[] = [];
    const person = async () => {
      while (rolling) outcomes.push(await insist(() => current.address));
    };
    const people = Promise.all(Array.from({ length: 4 }, person));

    const codes: (number | null)[] = [];
    for (let replaced = 0; replaced < 3; replaced += 1) {
      const old = current;
      current = await serve();
      old.signal('SIGTERM');
      codes.push((await old.ended).code);
    }
    rolling = false;
    await people;

    expect(codes).to.deep.equal([0, 0, 0]);
    expect(outcomes.length).to.be.greaterThan(20);
    // 'answer' would be "That was heard and answered before", to somebody who got no answer.
    expect(outcomes.filter((outcome) => outcome !== 'done')).to.deep.equal([]);
    expect((await house.run(['audit', 'verify'])).code).to.equal(0);
  });
});

/** Says one thing, with one id, until it is answered: a request that no server took yet is sent again, as platforms do. */
async function insist(address: () => string): Promise<string> {
  const body = JSON.stringify({ id: randomUUID(), conversation: 'me', ...READ });
  const headers = { 'content-type': 'application/json', 'x-opsagent-person': ALICE };
  for (;;) {
    const answer = await fetch(`${address()}/api/turns`, { method: 'POST', headers, body }).catch(() => undefined);
    const { outcome, text } = Turn.parse((await answer?.json()) ?? { outcome: 'failed', text: 'stopping' });
    if (!(outcome === 'failed' && text.includes('stopping'))) return outcome;
    await systemClock.sleep(20);
  }
}

const Turn = z.object({ outcome: z.string(), text: z.string() });
