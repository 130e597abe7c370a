import { expect } from 'chai';
import { fixChains, MOST_CHAINS } from '../../approvals/audit-chains.ts';
import { systemClock } from '../../lib/clock.ts';
import { dynamodbTables } from '../store/dynamodb-table.ts';
import { ALICE, BOB, DAVE, ERIN } from './opsagent.ts';
import { type Act, Decided, openTrack, Proposed, type Runner, type Track } from './race-track.ts';

const ROUNDS = Number(process.env.DYNAMODB_RACE_ROUNDS ?? 5);
/** Long enough for every process to have read the message, and to spin. */
const BARRIER_MS = 8;

describe('four processes on one DynamoDB table', function () {
  this.timeout(60_000 + ROUNDS * 5_000);
  const tables = dynamodbTables();
  let track: Track;
  let runners: Runner[];

  before(async () => {
    const table = await tables.make();
    const store = await tables.open(table, systemClock);
    await fixChains(store, MOST_CHAINS);
    await store.close();
    track = await openTrack({ dynamodb: { table, url: tables.aws().url } });
    runners = [...track.runners, await track.join(), await track.join()];
  });
  after(async () => {
    await track?.stop();
  });

  const propose = async (instance: string) =>
    Proposed.parse(await track.runners[0].act(ALICE, { do: 'propose', instance, reason: 'a race' }));

  /** Everybody presses at the same moment. */
  function together(change: Proposed, as: readonly string[]): Promise<Decided[]> {
    const at = Date.now() + BARRIER_MS;
    const act: Act = { do: 'decide', verdict: 'approve', by: { approvalId: change.id, digest: change.digest } };
    return Promise.all(
      runners.map(async (runner, n) => Decided.parse(await runner.act(as[n % as.length] ?? BOB, act, at))),
    );
  }

  it(`execute each of ${ROUNDS} approved changes once, and tell three of four that it was decided [G8, G10]`, async () => {
    const denied: number[] = [];
    for (let n = 1; n <= ROUNDS; n += 1) {
      const change = await propose(`i-0${n.toString(16).padStart(14, '0')}00`);
      const ends = await together(change, [BOB, DAVE, ERIN]);
      denied.push(ends.filter(({ status }) => status === 'denied').length);
    }

    expect(denied).to.deep.equal(Array(ROUNDS).fill(3));
    expect(track.reboots()).to.have.length(ROUNDS);
    expect(new Set(track.reboots().map(({ id }) => id))).to.have.property('size', ROUNDS);
  });

  it('leave sixteen audit chains that are whole, however many records each has under way [A2]', async () => {
    const { records: before } = await track.chain();
    const at = Date.now() + BARRIER_MS;

    await Promise.all(runners.map((runner) => runner.act(BOB, { do: 'record', times: 10 }, at)));

    const { ok, records } = await track.chain();
    expect([ok, records - before]).to.deep.equal([true, 40]);
  });
});
