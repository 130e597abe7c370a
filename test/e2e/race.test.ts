import { expect } from 'chai';
import { ALICE, BOB, DAVE, ERIN } from './opsagent.ts';
import { type Act, Decided, openTrack, Proposed, type Track } from './race-track.ts';

/** Rounds of the main race; the smaller races take a part of it. */
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 60);
const few = Math.ceil(ROUNDS / 5);

/** Long enough for both processes to have read the message, and to spin. */
const BARRIER_MS = 6;

interface Press {
  as: string;
  verdict: 'approve' | 'reject';
  change: Proposed;
  /** By the token that was typed, not by the button. */
  typed?: boolean;
}

let serial = 0;
const newInstance = (environment: 'staging' | 'production') => {
  serial += 1;
  return `i-${environment === 'production' ? 'f' : '0'}${serial.toString(16).padStart(14, '0')}00`;
};

async function propose(track: Track, instance: string, as = ALICE): Promise<Proposed> {
  return Proposed.parse(await track.runners[0].act(as, { do: 'propose', instance, reason: 'a race' }));
}

/** Both processes press at the same moment. */
async function together(track: Track, presses: readonly [Press, Press]): Promise<[Decided, Decided]> {
  const at = Date.now() + BARRIER_MS;
  const decide = ({ verdict, change: { id, digest, token }, typed }: Press): Act => ({
    do: 'decide',
    verdict,
    by: typed ? { token } : { approvalId: id, digest },
  });
  const [first, second] = track.runners;
  const [left, right] = await Promise.all([
    first.act(presses[0].as, decide(presses[0]), at),
    second.act(presses[1].as, decide(presses[1]), at),
  ]);
  return [Decided.parse(left), Decided.parse(right)];
}

/** Instances by how often they were rebooted. */
function timesRebooted(track: Track): Map<string, number> {
  const times = new Map<string, number>();
  for (const { id } of track.reboots()) times.set(id, (times.get(id) ?? 0) + 1);
  return times;
}

const more = (times: Map<string, number>) => [...times].filter(([, count]) => count > 1);

describe('two processes that decide at the same moment', function () {
  this.timeout(Math.max(60_000, ROUNDS * 500));
  let track: Track;

  before(async () => {
    track = await openTrack();
  });

  after(async () => {
    await track?.stop();
  });

  it(`execute each of ${ROUNDS} approved changes once, and the later one is told who decided [G8, G10]`, async () => {
    const rounds: { instance: string; ends: Decided[] }[] = [];
    const before = track.reboots().length;

    for (let n = 0; n < ROUNDS; n += 1) {
      const instance = newInstance('staging');
      const change = await propose(track, instance);
      const press: Press = { as: BOB, verdict: 'approve', change, typed: n % 3 === 0 };
      // Every other round it is one person who presses twice.
      rounds.push({ instance, ends: await together(track, [press, { ...press, as: n % 2 === 0 ? DAVE : BOB }]) });
    }

    const times = timesRebooted(track);
    const losers = rounds.map(({ ends }) => ends.filter(({ status }) => status === 'denied'));
    expect(track.reboots().length - before).to.equal(ROUNDS);
    expect(rounds.filter(({ instance }) => times.get(instance) !== 1)).to.deep.equal([]);
    expect(losers.filter((ends) => ends.length !== 1)).to.deep.equal([]);
    for (const [loser] of losers) expect(loser?.text).to.match(/already decided: approved by (Bob|Dave) at 20/i);
  });

  it('never both execute and reject, whichever comes first [G7, G8]', async () => {
    const ends: { state: string; calls: number; counted: number }[] = [];

    for (let n = 0; n < few; n += 1) {
      const instance = newInstance('staging');
      const change = await propose(track, instance);
      const decided = await together(track, [
        { as: BOB, verdict: 'approve', change },
        { as: DAVE, verdict: 'reject', change },
      ]);
      const { state } = await track.approval(change.id);
      const rejection = decided[1].status === 'denied' ? 0 : 1;
      ends.push({ state, calls: timesRebooted(track).get(instance) ?? 0, counted: rejection });
    }

    expect(ends.filter(({ state }) => !['succeeded', 'rejected'].includes(state))).to.deep.equal([]);
    expect(ends.filter(({ state, calls }) => calls !== (state === 'succeeded' ? 1 : 0))).to.deep.equal([]);
    expect(ends.filter(({ state, counted }) => counted !== (state === 'rejected' ? 1 : 0))).to.deep.equal([]);
  });

  it('count both of two people where two are needed, and execute once [G3, G8, G10]', async () => {
    const ends: { votes: number; calls: number; state: string }[] = [];

    for (let n = 0; n < few; n += 1) {
      const instance = newInstance('production');
      const change = await propose(track, instance);
      await together(track, [
        { as: BOB, verdict: 'approve', change },
        { as: DAVE, verdict: 'approve', change },
      ]);
      const { votes, state } = await track.approval(change.id);
      ends.push({ votes: votes.length, calls: timesRebooted(track).get(instance) ?? 0, state });
    }

    expect(ends).to.deep.equal(Array(few).fill({ votes: 2, calls: 1, state: 'succeeded' }));
  });

  it('take one person twice for one vote, however it is pressed [G4, G8]', async () => {
    const instance = newInstance('production');
    const change = await propose(track, instance);
    const press: Press = { as: BOB, verdict: 'approve', change };

    const ends = await together(track, [press, { ...press, typed: true }]);

    const { votes, state } = await track.approval(change.id);
    expect({ votes: votes.length, state }).to.deep.equal({ votes: 1, state: 'pending' });
    expect(ends.map(({ status }) => status).sort()).to.deep.equal(['denied', 'pending']);
    expect(timesRebooted(track).has(instance)).to.equal(false);
  });

  it('do one change at a time on one resource, the second after the first [G9]', async () => {
    const instances: string[] = [];

    for (let n = 0; n < Math.min(few, 6); n += 1) {
      const instance = newInstance('staging');
      instances.push(instance);
      const one = await propose(track, instance);
      const other = await propose(track, instance, DAVE);
      await together(track, [
        { as: BOB, verdict: 'approve', change: one },
        { as: ERIN, verdict: 'approve', change: other },
      ]);
    }

    const intervals = instances.map((instance) => track.reboots().filter(({ id }) => id === instance));
    const overlapping = intervals.filter(([one, other]) => {
      const [early, late] = (one?.started ?? 0) < (other?.started ?? 0) ? [one, other] : [other, one];
      return (early?.ended ?? Number.POSITIVE_INFINITY) > (late?.started ?? 0);
    });
    expect(intervals.map(({ length }) => length)).to.deep.equal(Array(instances.length).fill(2));
    expect(overlapping).to.deep.equal([]);
  });

  it('take up what a third left approved, each change once [G10, O5]', async () => {
    const instances = Array.from({ length: few }, () => newInstance('staging'));
    for (const instance of instances) {
      const { token } = await propose(track, instance);
      await track.runners[0].act(BOB, { do: 'approve and leave', token });
    }
    const left = instances.filter((instance) => !timesRebooted(track).has(instance));

    const sweep: Act = { do: 'sweep', laterMs: 5_000 };
    const isLeft = () => instances.some((instance) => !timesRebooted(track).has(instance));
    // A sweep takes a page of them, and leaves the ones that the other process was just counting.
    for (let n = 0; n < few && isLeft(); n += 1) {
      const at = Date.now() + BARRIER_MS;
      await Promise.all(track.runners.map((runner) => runner.act(BOB, sweep, at)));
    }

    const times = timesRebooted(track);
    expect(left).to.have.length(few);
    expect(instances.map((instance) => times.get(instance))).to.deep.equal(Array(few).fill(1));
  });

  it('leave one audit chain that is whole, however many records each has under way [A2]', async () => {
    for (let n = 0; n < ROUNDS; n += 1) {
      const at = Date.now() + BARRIER_MS;
      await Promise.all(track.runners.map((runner, i) => runner.act(BOB, { do: 'record', times: 1 + 3 * i }, at)));
    }

    const { records, firstBad } = await track.chain();

    expect(firstBad?.because).to.equal(undefined);
    expect(records).to.be.at.least(ROUNDS * 5);
  });
});

describe('the race', function () {
  this.timeout(60_000);

  it('has teeth: on a store that forgets its conditions changes execute twice [G8, G10]', async () => {
    const track = await openTrack({ careless: true });

    for (let n = 0; n < 20 && more(timesRebooted(track)).length === 0; n += 1) {
      const change = await propose(track, newInstance('staging'));
      const press: Press = { as: BOB, verdict: 'approve', change };
      await together(track, [press, { ...press, as: DAVE }]);
    }

    expect(more(timesRebooted(track))).to.not.deep.equal([]);
    await track.stop();
  });
});
