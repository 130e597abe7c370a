import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { ALICE, BOB, type Installation, install } from './opsagent.ts';
import { type ChangeRecord, eventually, recordOf } from './record-of.ts';
import { pressOf, serveIn } from './serving.ts';

/** How often the program is started again after the crash; each start takes up what was left. */
const RESTARTS = 5;

interface Crashed {
  change: string;
  /** As the next process found it, and as the last of the restarts left it. */
  record: ChangeRecord;
}

/** Proposes, is killed at the point while it executes, and is started again and again. */
async function crash(house: Installation, command: string, point: string): Promise<Crashed> {
  const { approval_id: change = '', approval_token: token } = await house.ask(command);
  const killed = await house.run(['ask', '--json', '--as', BOB, `approve token:${token}`], { CRASH_AT: point });
  if (killed.signal !== 'SIGKILL') throw new Error(`not killed at ${point}: ${killed.stdout} ${killed.stderr}`);
  for (let n = 0; n < RESTARTS; n += 1) await house.ask('approvals', { as: BOB });
  // A change nobody claimed is left alone for 2 s, and tasks of the simulated estate take 6 s.
  const look = async () => {
    await house.ask('approvals', { as: BOB });
    return recordOf(house.env.STORE ?? '', change);
  };
  const isSettled = ({ approval }: ChangeRecord) =>
    !['approved', 'executing'].includes(approval.state) &&
    approval.verified?.state !== 'waiting' &&
    !(approval.state === 'unknown' && approval.plan.tool === 'scale_ecs_service');
  return { change, record: await eventually(look, isSettled, 30_000) };
}

/** No call without an INTENT before it, and never more than one of either. */
function expectIntentBeforeCall({ audit, done }: ChangeRecord): void {
  const intents = audit.filter(({ type }) => type === 'change_intent');
  expect(intents).to.have.length(1);
  expect(done.length).to.be.at.most(1);
  for (const { at } of done) expect(Date.parse(intents[0]?.ts ?? '')).to.be.at.most(at);
}

describe('a process that is killed while it executes a change', function () {
  this.timeout(60_000);
  let house: Installation;

  beforeEach(() => {
    house = install();
  });

  afterEach(() => {
    house.remove();
  });

  const reboots = [
    { point: 'P5', when: 'after the vote', state: 'succeeded', calls: 1 },
    { point: 'P6', when: 'after INTENT, before the call', state: 'unknown', calls: 0 },
    { point: 'P7', when: 'after the call, before the answer', state: 'unknown', calls: 1 },
    { point: 'P8', when: 'after the answer, before OUTCOME', state: 'unknown', calls: 1 },
    { point: 'P9', when: 'after OUTCOME', state: 'succeeded', calls: 1 },
  ];
  for (const { point, when, state, calls } of reboots) {
    it(`leaves a reboot ${state} when it dies ${when} (${point}), and never sends it again [G10, A2, O5]`, async () => {
      const { record } = await crash(house, `reboot ${known.sickInstance}`, point);

      const { code } = await house.run(['audit', 'verify']);
      expect({ state: record.approval.state, calls: record.done.length, code }).to.deep.equal({
        state,
        calls,
        code: 0,
      });
      expectIntentBeforeCall(record);
    });
  }

  it('warns whoever approves the next change on the same resource that it may be a repeat [G6, G10]', async () => {
    const { change } = await crash(house, `reboot ${known.sickInstance}`, 'P7');

    const next = await house.ask(`reboot ${known.sickInstance} because it still hangs`);

    expect(next.outcome).to.equal('pending');
    expect(next.text).to.match(new RegExp(`Possible repeat of ${change} of .*, whose outcome is not known`));
  });

  it('tells the requester and every copy of the card within 30 s of the restart [G10, G11, O5]', async () => {
    const first = await serveIn(house, { CRASH_AT: 'P7' });
    await first.turn(ALICE, { text: `reboot ${known.sickInstance}` });
    const [card] = await first.approvals(BOB, 'pending');
    if (!card) throw new Error('nothing is pending');
    await first.turn(BOB, pressOf(card, 'approve')).catch(() => undefined);
    const { signal } = await first.ended;

    const second = await serveIn(house);
    const isTold = ({ view }: { view?: Record<string, unknown> }) =>
      view?.state === 'unknown' || /The result is not known yet/.test(String(view?.body));
    const heard = await eventually(
      async () => [...(await second.messages(ALICE)), ...(await second.messages(BOB, '#ops'))].filter(isTold),
      (told) => told.length >= 4,
      30_000,
    );
    second.signal('SIGTERM');

    expect(signal).to.equal('SIGKILL');
    expect(heard.map(({ view }) => view?.kind).sort()).to.deep.equal(['approval', 'approval', 'message', 'message']);
    expect((await second.ended).code).to.equal(0);
  });
});

describe('a scaling whose process is killed', function () {
  this.timeout(90_000);
  const points = [
    { point: 'P5', state: 'succeeded', calls: 1 },
    { point: 'P6', state: 'failed', calls: 0 },
    { point: 'P7', state: 'succeeded', calls: 1 },
    { point: 'P8', state: 'succeeded', calls: 1 },
    { point: 'P9', state: 'succeeded', calls: 1 },
  ];
  let houses: Installation[] = [];
  let ends: Crashed[];

  // Together, because most of the time is spent waiting for simulated tasks to start.
  before(async () => {
    houses = points.map(() => install());
    ends = await Promise.all(houses.map((house, i) => crash(house, 'scale main cart 3', points[i]?.point ?? '')));
  });

  after(() => {
    for (const house of houses) house.remove();
  });

  for (const [i, { point, state, calls }] of points.entries()) {
    it(`is read back as ${state} after ${point}, and never sent again [G10, A2]`, async () => {
      const record = ends[i]?.record;
      const verified = await houses[i]?.run(['audit', 'verify']);

      expect({ state: record?.approval.state, calls: record?.done.length, code: verified?.code }).to.deep.equal({
        state,
        calls,
        code: 0,
      });
      if (record) expectIntentBeforeCall(record);
    });
  }
});
