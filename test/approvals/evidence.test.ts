import { expect } from 'chai';
import { readLimits } from '../../approvals/ledger.ts';
import { CALLS, createHouse, decide, type House, NOON, posts, propose, records, stored } from './house.ts';
import { asAccount } from './recording-aws.ts';

const never = new AbortController().signal;
const MINUTE = 60_000;

interface Losing {
  beforeCall?: boolean;
  as?: string;
  call?: Parameters<typeof propose>[1];
}

/** Says yes, loses the answer of AWS on its way, and comes back with the change whose outcome nobody knows. */
async function loseAnswer(
  house: House,
  { beforeCall = false, as = 'alice', call = CALLS.medium }: Losing = {},
): Promise<string> {
  if (beforeCall) {
    house.aws.onWrite = () => {
      throw new Error('lost before it arrived');
    };
  } else {
    house.parts.crash = (point) => {
      if (point === 'P7') throw new Error('lost on its way back');
    };
  }
  const { id } = await propose(house, call, as);
  await decide(house, 'dave', id);
  house.parts.crash = () => {};
  house.aws.onWrite = () => {};
  return id;
}

/** Counts what CloudTrail is asked. */
function countLookUps(house: House): { lookUps: number } {
  const counted = { lookUps: 0 };
  house.aws.seen = (operation, output) => {
    if (operation === 'lookupEvents') counted.lookUps += 1;
    return output;
  };
  return counted;
}

async function sweepAt(house: House, ms: number) {
  house.setNow(NOON + ms);
  return house.gate.sweep(never);
}

describe('a change whose outcome is not known', () => {
  it('is found in CloudTrail by its own session, with the event as evidence, and its effect is looked for [G10, G12, A1]', async () => {
    const house = await createHouse();
    const id = await loseAnswer(house);
    const before = await stored(house, id);

    const swept = await sweepAt(house, 2 * MINUTE);
    await house.gate.sweep(never);

    const after = await stored(house, id);
    const [reconciled] = (await records(house)).filter(({ type }) => type === 'change_reconciled');
    const told = (await posts(house))
      .filter(({ value }) => value.to.id === '@alice')
      .map(({ value }) => value.view.body);
    expect(before.state).to.equal('unknown');
    expect(swept.evidenced).to.equal(1);
    expect(after).to.include({ state: 'succeeded' }).and.nested.include({ 'verified.state': 'confirmed' });
    expect(after.outcome?.at).to.equal(new Date(NOON).toISOString());
    expect(reconciled?.summary).to.match(
      /^AWS received it once\. CloudTrail event [0-9a-f-]{36}: RebootInstances at 2026-/,
    );
    expect(told.join()).to.include('Done and verified');
    expect(house.aws.writes).to.have.length(1);
  });

  it('stays unknown where CloudTrail has nothing, is closed after 20 minutes, and is never sent again [G10]', async () => {
    const house = await createHouse();
    const counted = countLookUps(house);
    const id = await loseAnswer(house, { beforeCall: true });

    for (let seconds = 0; seconds <= 19 * 60; seconds += 5) await sweepAt(house, seconds * 1000);
    const late = await stored(house, id);
    await sweepAt(house, 21 * MINUTE);

    expect(late.state).to.equal('unknown');
    expect((await stored(house, id)).state).to.equal('closed_unknown');
    expect(house.aws.writes).to.have.length(1);
    // From the first minute to the fifteenth, each half minute.
    expect(counted.lookUps).to.equal(29);
  });

  it('is not asked for in its first minute: CloudTrail cannot know yet [G10, T11]', async () => {
    const house = await createHouse();
    const counted = countLookUps(house);
    const id = await loseAnswer(house);

    await sweepAt(house, 59_000);

    expect(counted.lookUps).to.equal(0);
    expect((await stored(house, id)).state).to.equal('unknown');
  });

  it('shares CloudTrail with others: two look-ups a sweep, however many changes wait [T11]', async () => {
    const house = await createHouse({ settings: { limits: { pending_per_person: 50, per_hour: 100 } } });
    const counted = countLookUps(house);
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await loseAnswer(house, { beforeCall: true }));

    const lookUps: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      await sweepAt(house, 2 * MINUTE + n * 5_000);
      lookUps.push(counted.lookUps);
    }

    expect(new Set(ids).size).to.equal(5);
    expect(lookUps).to.deep.equal([2, 4, 5, 5]);
  });

  it('is looked up in its turn, though the ones before it are never found [G10]', async () => {
    const house = await createHouse({ settings: { limits: { pending_per_person: 50, per_hour: 100 } } });
    for (let n = 0; n < 4; n += 1) await loseAnswer(house, { beforeCall: true });
    const made = await loseAnswer(house);

    // Sweeps so far apart that each of the first is due again every time.
    for (let n = 0; n < 3; n += 1) await sweepAt(house, 2 * MINUTE + n * 40_000);

    expect((await stored(house, made)).state).to.equal('succeeded');
  });

  it('is not looked for with credentials of another account, whose CloudTrail knows nothing of it [G10]', async () => {
    const house = await createHouse();
    const counted = countLookUps(house);
    const id = await loseAnswer(house);
    const { aws } = house.parts;
    house.parts.aws = asAccount(aws, '999999999999');

    await sweepAt(house, 2 * MINUTE);
    const elsewhere = { ...counted };
    house.parts.aws = aws;
    const back = await sweepAt(house, 3 * MINUTE);

    expect(elsewhere.lookUps).to.equal(0);
    expect([back.evidenced, counted.lookUps]).to.deep.equal([1, 1]);
    expect((await stored(house, id)).state).to.equal('succeeded');
  });

  it('is known after a dry run that was cut off: it changed nothing, nothing is looked for, nothing rests [G10, G12]', async () => {
    const house = await createHouse({ mode: 'DRY_RUN' });
    const counted = countLookUps(house);
    const ids: string[] = [];
    for (const call of [CALLS.low, CALLS.medium]) {
      const { id } = await propose(house, call);
      house.parts.crash = (point) => {
        if (point === 'P8') throw new Error('stopped');
      };
      await decide(house, 'dave', id).catch(() => undefined);
      ids.push(id);
    }

    const swept = await sweepAt(house, MINUTE);

    const ended = await Promise.all(ids.map((id) => stored(house, id)));
    const arns = ended.flatMap(({ plan }) => plan.targets.map(({ arn }) => arn));
    expect([swept.lost, swept.reconciled, counted.lookUps]).to.deep.equal([2, 2, 0]);
    expect(ended.map(({ state }) => state)).to.deep.equal(['failed', 'failed']);
    expect(ended[0]?.outcome?.lines.join()).to.equal(
      'A dry run that was cut off: nothing was changed. Propose it again.',
    );
    expect((await readLimits(house.store, arns, 'another', house.clock.now())).coolingUntil).to.equal(undefined);
  });

  it('is failed when AWS does not show it, and not before a call under way could have arrived [G10]', async () => {
    const house = await createHouse();
    const id = await loseAnswer(house, { beforeCall: true, call: CALLS.low });

    const early = await sweepAt(house, 20_000 - 1);
    const { state } = await stored(house, id);
    const due = await sweepAt(house, 20_000);

    const after = await stored(house, id);
    expect([early.reconciled, state]).to.deep.equal([0, 'unknown']);
    expect([due.reconciled, after.state]).to.deep.equal([1, 'failed']);
    expect(after.outcome?.lines.join()).to.match(/^Read back from AWS: it is not as approved\./);
    expect(house.aws.writes).to.have.length(1);
  });

  it('is succeeded as soon as AWS shows it, whoever made it [G10]', async () => {
    const house = await createHouse();
    const id = await loseAnswer(house, { call: CALLS.low });

    const swept = await sweepAt(house, 5_000);

    expect(swept.reconciled).to.equal(1);
    expect((await stored(house, id)).state).to.equal('succeeded');
    expect(house.aws.writes).to.have.length(1);
  });

  it('is failed when CloudTrail says that AWS refused it [G10]', async () => {
    const house = await createHouse();
    const id = await loseAnswer(house);
    house.aws.seen = (operation, output) =>
      operation === 'lookupEvents' ? withError(output, 'Client.UnauthorizedOperation') : output;

    await sweepAt(house, 2 * MINUTE);

    const after = await stored(house, id);
    expect(after.state).to.equal('failed');
    expect(after.outcome?.lines.join()).to.match(
      /AWS refused it with Client\.UnauthorizedOperation\..*Nothing was changed/,
    );
  });

  for (const [what, spoil] of [
    ['CloudTrail says that AWS failed', (output: unknown) => withError(output, 'Server.InternalError')],
    ['two events fit', (output: unknown) => ({ Events: [...eventsOf(output), ...eventsOf(output)] })],
  ] as const)
    it(`stays unknown for a person to judge when ${what} [G10]`, async () => {
      const house = await createHouse();
      const id = await loseAnswer(house);
      house.aws.seen = (operation, output) => (operation === 'lookupEvents' ? spoil(output) : output);

      const swept = await sweepAt(house, 2 * MINUTE);

      expect(swept.evidenced).to.equal(0);
      expect((await stored(house, id)).state).to.equal('unknown');
    });

  it('stays unknown while CloudTrail cannot be asked, and a sweep goes on with its other work [G10]', async () => {
    const house = await createHouse();
    const id = await loseAnswer(house);
    house.aws.seen = (operation, output) => {
      if (operation === 'lookupEvents') throw new Error('AccessDenied');
      return output;
    };
    const { id: pending } = await propose(house, CALLS.low);

    const swept = await sweepAt(house, 16 * MINUTE - 61_000);
    const expired = await sweepAt(house, 16 * MINUTE);

    expect(swept.evidenced).to.equal(0);
    expect((await stored(house, id)).state).to.equal('unknown');
    expect(expired.expired).to.equal(1);
    expect((await stored(house, pending)).state).to.equal('expired');
  });
});

interface Told {
  CloudTrailEvent?: string;
}
const eventsOf = (output: unknown): Told[] => (output as { Events: Told[] }).Events;

function withError(output: unknown, errorCode: string): { Events: Told[] } {
  const Events = eventsOf(output).map((event) => ({
    ...event,
    CloudTrailEvent: JSON.stringify({ ...JSON.parse(event.CloudTrailEvent ?? '{}'), errorCode }),
  }));
  return { Events };
}
