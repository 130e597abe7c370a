import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { systemClock } from '../../lib/clock.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { openEvents } from '../adapters/web/event-stream.ts';
import { otherProcess } from '../store/other-process.ts';
import { type Oracle, startOracle } from './aws-oracle.ts';
import { ALICE, BOB, type Installation, install } from './opsagent.ts';
import { eventually, recordOf } from './record-of.ts';
import { type Card, pressOf, type Serving, serveIn, startServing } from './serving.ts';

const { sickInstance, healthyInstance } = known;

/** A stop with nothing under way. */
const SOON_MS = 5_000;

async function onlyPending(server: Serving): Promise<Card> {
  const [card, ...others] = await server.approvals(BOB, 'pending');
  if (!card || others.length > 0) throw new Error(`${others.length + (card ? 1 : 0)} are pending, not 1`);
  return card;
}

async function stop(server: Serving, name: NodeJS.Signals = 'SIGTERM') {
  const asked = performance.now();
  server.signal(name);
  const { code, signal } = await server.ended;
  return { code, signal, ms: performance.now() - asked };
}

describe('opsagent serve', function () {
  this.timeout(40_000);
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

  const serve = async (env?: Record<string, string>): Promise<Serving> => {
    const server = await serveIn(house, env);
    servers.push(server);
    return server;
  };

  it('takes a free port, says where it listens, and tells how it is [A6, O1]', async () => {
    const server = await serve();

    const [health, ready, metrics] = await Promise.all(
      ['/health', '/ready', '/metrics'].map((path) => server.get(path)),
    );

    expect(server.address).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(JSON.parse(health?.text ?? '')).to.deep.include({ status: 'ok', mode: 'LOCAL_MOCK' });
    expect(JSON.parse(health?.text ?? '').dependencies).to.have.all.keys('store', 'policy', 'people');
    expect(ready?.status).to.equal(200);
    expect(metrics?.text).to.match(/opsagent_build_info\{[^}]*mode="LOCAL_MOCK"/);
  });

  it('names a port that is taken, and ends with 2 [O3]', async () => {
    const { port } = await serve();

    const { code, stderr } = await startServing(house, { PORT: String(port) }).ended;

    expect(code).to.equal(2);
    expect(stderr).to.match(new RegExp(`PORT ${port} cannot be used: another program listens there`));
  });

  it('warns of a route to a platform that is not set up [O3, G14]', async () => {
    const policy = house.path('policy.yaml');
    writeFileSync(policy, "routes: {'#ops': ['web:#ops', 'slack:T0123ABCD/C0123ABCD']}\n");

    const server = await serve({ POLICY_FILE: policy, LOG_LEVEL: 'warn' });
    server.signal('SIGTERM');
    const { stderr } = await server.ended;

    const warnings = stderr.split('\n').filter((line) => line.includes('not set up'));
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include('slack:T0123ABCD/C0123ABCD').and.include('"#ops"');
  });

  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends with 0 on ${name}, open event streams or not [O5]`, async () => {
      const server = await serve();
      const stream = await openEvents(server.port, 'me', ALICE);

      const { code, ms } = await stop(server, name);

      expect(code).to.equal(0);
      expect(ms).to.be.below(SOON_MS);
      await stream.ended;
    });
  }

  it('keeps what is pending over a restart, and its card still works [O5, G5, G11]', async () => {
    const first = await serve();
    await first.turn(ALICE, { text: `reboot ${sickInstance}` });
    const before = await onlyPending(first);
    await stop(first);

    const second = await serve();
    const after = await onlyPending(second);
    const pressed = await second.turn(BOB, pressOf(before, 'approve'), '#ops');
    const told = await eventually(
      () => second.messages(ALICE),
      (messages) => messages.some(({ view }) => view?.kind === 'approval' && view.state === 'succeeded'),
      10_000,
    );

    expect(after.approvalId).to.equal(before.approvalId);
    expect(pressed).to.include({ outcome: 'done', approvalId: before.approvalId });
    expect(told.map(({ view }) => view?.state)).to.include('succeeded');
    expect(await second.approvals(BOB, 'pending')).to.deep.equal([]);
  });

  it('shows at once what another process decided: in its lists, on every copy of the card, to open browsers [O5, G11]', async () => {
    const server = await serve();
    const requester = await openEvents(server.port, 'me', ALICE);
    const channel = await openEvents(server.port, '#ops', BOB);
    await server.turn(ALICE, { text: `reboot ${sickInstance}` });
    const { approvalId } = await onlyPending(server);

    const decided = await house.ask(`approve ${approvalId}`, { as: BOB });
    const edits = await eventually(
      async () =>
        [requester, channel].map(({ seen }) =>
          seen.some(
            ({ event, data }) =>
              event === 'message' && data.view?.kind === 'approval' && data.view.state === 'succeeded',
          ),
        ),
      (all) => all.every(Boolean),
      10_000,
    );

    expect(decided.outcome).to.be.oneOf(['done', 'pending']);
    expect(edits).to.deep.equal([true, true]);
    expect((await server.approvals(BOB, 'decided')).map(({ state }) => state)).to.deep.equal(['succeeded']);
    expect(requester.seen.some(({ event }) => event === 'approvals')).to.equal(true);
    expect((await house.run(['audit', 'verify'])).code).to.equal(0);
  });

  it('takes proposals of another process to the people who decide [O5, G11]', async () => {
    const server = await serve();

    const { approval_id: id } = await house.ask(`reboot ${healthyInstance}`);
    const cards = await eventually(
      () => server.messages(BOB, '#ops'),
      (messages) => messages.length > 0,
      10_000,
    );

    expect(cards.map(({ view }) => view?.approvalId)).to.deep.equal([id]);
    expect((await onlyPending(server)).approvalId).to.equal(id);
  });

  it('finishes the turn that is under way when it is told to stop [O5, G10]', async () => {
    const server = await serve();
    await server.turn(ALICE, { text: `reboot ${sickInstance}` });
    const card = await onlyPending(server);
    const other = otherProcess('hold', house.path('data/ops.db'));
    await other.said(1);

    const pressing = server.turn(BOB, pressOf(card, 'approve'), '#ops').catch(() => undefined);
    await systemClock.sleep(300);
    const stopping = stop(server);
    await systemClock.sleep(500);
    other.child.stdin?.end();
    const { code } = await stopping;
    await Promise.all([pressing, other.ended]);

    const { approval, done } = await recordOf(house.env.STORE ?? '', card.approvalId);
    expect(code).to.equal(0);
    expect({ state: approval.state, calls: done.length }).to.deep.equal({ state: 'succeeded', calls: 1 });
  });
});

describe('opsagent serve, told to stop while AWS is working on a change', function () {
  this.timeout(40_000);
  let house: Installation;
  let oracle: Oracle;

  beforeEach(async () => {
    house = install({ EXECUTION_MODE: 'SANDBOX_LIVE', AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' });
    oracle = await startOracle(house.path('aws.jsonl'), 1_500);
    writeFileSync(
      house.path('people.yaml'),
      'Alice: {email: alice@example.com, roles: [engineer]}\nBob: {email: bob@example.com, roles: [ops-lead]}',
    );
    Object.assign(house.env, { PEOPLE_FILE: house.path('people.yaml'), AWS_ENDPOINT_URL: oracle.url });
  });

  afterEach(async () => {
    await oracle.stop();
    house.remove();
  });

  /** Approved, and the process that should have executed it is dead. */
  async function leaveApproved(): Promise<string> {
    const { approval_id: id = '', approval_token: token, text } = await house.ask('reboot i-00000000000000a00');
    if (token === undefined) throw new Error(text);
    await house.run(['ask', '--json', '--as', BOB, `approve token:${token}`], { CRASH_AT: 'P5' });
    return id;
  }

  const underWay = () =>
    eventually(
      async () => oracle.reboots(),
      ([reboot]) => reboot !== undefined,
      15_000,
    );

  it('waits for the answer and records it, in the middle of its work [O5, G10]', async () => {
    const server = await serveIn(house);
    const id = await leaveApproved();

    const [seen] = await underWay();
    const { code } = await stop(server);

    const { approval } = await recordOf(house.env.STORE ?? '', id);
    expect(seen?.ended).to.equal(undefined);
    expect({ code, state: approval.state }).to.deep.equal({ code: 0, state: 'succeeded' });
    expect(oracle.reboots().map(({ ended }) => typeof ended)).to.deep.equal(['number']);
  });

  it('waits for the answer and records it, before it even listens [O5, G10]', async () => {
    const id = await leaveApproved();
    await systemClock.sleep(2_100);

    const starting = startServing(house);
    const [seen] = await underWay();
    starting.signal('SIGTERM');
    const { code } = await starting.ended;

    const { approval } = await recordOf(house.env.STORE ?? '', id);
    expect(seen?.ended).to.equal(undefined);
    expect({ code, state: approval.state }).to.deep.equal({ code: 0, state: 'succeeded' });
  });
});
