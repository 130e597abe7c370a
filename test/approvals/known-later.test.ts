import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readLimits } from '../../approvals/ledger.ts';
import { createOutcomeSpool } from '../../approvals/outcome-spool.ts';
import { CALLS, createHouse, decide, type House, NOON, propose, stored } from './house.ts';
import { asAccount } from './recording-aws.ts';

const never = new AbortController().signal;
const SECOND = 1_000;
const MINUTE = 60_000;
/** How long a resource rests after a failure, by the policy that a house has. */
const REST = 10 * MINUTE;

/** A change whose process dies at this point and is given up half a minute later. */
async function givenUp(call: (typeof CALLS)['low' | 'medium'], approver: string, point: string) {
  const house = await createHouse();
  const { id } = await propose(house, call);
  house.parts.crash = (at) => {
    if (at === point) throw new Error('killed');
  };
  await decide(house, approver, id).catch(() => undefined);
  house.parts.crash = () => {};
  await sweepAt(house, 31 * SECOND);
  return { house, id };
}

async function sweepAt(house: House, ms: number): Promise<void> {
  house.setNow(NOON + ms);
  await house.gate.sweep(never);
}

async function restsUntil(house: House, id: string): Promise<string | undefined> {
  const arns = (await stored(house, id)).plan.targets.map(({ arn }) => arn);
  return (await readLimits(house.store, arns, 'another', house.clock.now())).coolingUntil;
}

/** From now on the credentials lead to another account. */
function leadElsewhere(house: House): void {
  house.parts.aws = asAccount(house.parts.aws, '999999999999');
}

describe('how a change ended, known later', () => {
  const at = (ms: number) => new Date(NOON + ms).toISOString();

  it('has its resource rest after a failure that was read back [G9, G10]', async () => {
    const { house, id } = await givenUp(CALLS.low, 'bob', 'P6');
    const before = await stored(house, id);

    await sweepAt(house, MINUTE);

    expect([before.state, (await stored(house, id)).state]).to.deep.equal(['unknown', 'failed']);
    expect(await restsUntil(house, id)).to.equal(at(MINUTE + REST));
  });

  it('has its resource rest after a failure that CloudTrail tells of [G9, G10]', async () => {
    const { house, id } = await givenUp(CALLS.medium, 'dave', 'P7');
    house.aws.seen = (operation, output) => (operation === 'lookupEvents' ? refusedBy(output) : output);

    await sweepAt(house, 2 * MINUTE);

    expect((await stored(house, id)).state).to.equal('failed');
    expect(await restsUntil(house, id)).to.equal(at(2 * MINUTE + REST));
  });

  it('has its resource rest after a failure that waited in the spool [G9, G10]', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'opsagent-known-later-'));
    const { house, id } = await givenUp(CALLS.medium, 'dave', 'P8');
    house.parts.spool = createOutcomeSpool(join(folder, 'outcomes.jsonl'));
    const { fence } = await stored(house, id);
    const outcome = { at: at(0), lines: [] };
    house.parts.spool.add({ change_id: id, fence: fence - 1, sent: { state: 'failed', outcome } });

    await sweepAt(house, MINUTE);
    rmSync(folder, { recursive: true });

    expect((await stored(house, id)).state).to.equal('failed');
    expect(await restsUntil(house, id)).to.equal(at(MINUTE + REST));
  });

  it('lets its resource be changed at once where it was made after all [G9, G10]', async () => {
    const { house, id } = await givenUp(CALLS.low, 'bob', 'P7');

    await sweepAt(house, MINUTE);

    expect((await stored(house, id)).state).to.equal('succeeded');
    expect(await restsUntil(house, id)).to.equal(undefined);
  });

  it('is not concluded from what another account says [G10]', async () => {
    const { house, id } = await givenUp(CALLS.low, 'bob', 'P6');
    leadElsewhere(house);

    await sweepAt(house, MINUTE);

    expect((await stored(house, id)).state).to.equal('unknown');
  });

  it('is not concluded by a process of another mode, whose world is another one [G10]', async () => {
    const { house, id } = await givenUp(CALLS.low, 'bob', 'P6');
    house.parts.mode = 'SANDBOX_LIVE';

    await sweepAt(house, MINUTE);
    const elsewhere = await stored(house, id);
    house.parts.mode = 'LOCAL_MOCK';
    await sweepAt(house, MINUTE);

    expect([elsewhere.state, (await stored(house, id)).state]).to.deep.equal(['unknown', 'failed']);
  });
});

describe('an effect that is looked for in another account', () => {
  it('is not seen, and whoever asked is told why [G12]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.low);
    house.aws.onWrite = () => leadElsewhere(house);

    await decide(house, 'bob', id);
    await house.gate.idle();

    const { state, verified, plan } = await stored(house, id);
    expect([state, verified?.state]).to.deep.equal(['succeeded', 'not_seen']);
    expect(verified?.text).to.include(
      `The change is of account ${plan.account}; the credentials are of account 999999999999.`,
    );
  });
});

describe('a change whose credentials lead elsewhere after its last look', () => {
  it('is not sent, and says so [G9, G10]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.low);
    house.parts.crash = (point) => {
      if (point === 'P6') leadElsewhere(house);
    };

    await decide(house, 'bob', id);

    const { state, outcome } = await stored(house, id);
    expect(house.aws.writes).to.have.length(0);
    expect([state, outcome?.error?.code]).to.deep.equal(['failed', 'aws_credentials']);
  });
});

function refusedBy(output: unknown): unknown {
  const { Events: events } = output as { Events: { CloudTrailEvent: string }[] };
  return {
    Events: events.map(({ CloudTrailEvent: text, ...event }) => ({
      ...event,
      CloudTrailEvent: JSON.stringify({ ...JSON.parse(text), errorCode: 'Client.UnauthorizedOperation' }),
    })),
  };
}
