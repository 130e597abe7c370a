import { expect } from 'chai';
import { createUnderstanding } from '../../bot/understand/understand.ts';
import { standing } from '../../cards/wording.ts';
import { catalog } from '../../tools/catalog.ts';
import { approveAll, CALLS, createHouse, decide, type House, NOON, posts, propose, records, stored } from './house.ts';

const SCALE = { tool: 'scale_ecs_service', input: { cluster: 'main', service: 'cart', desired_count: 3 } };

/** From now on every service wants as many tasks as the test says. */
function wantTasks(house: House, desiredCount: number): void {
  house.aws.seen = (operation, output) => {
    if (operation !== 'describeServices') return output;
    const { services } = output as { services: object[] };
    return { services: services.map((service) => ({ ...service, desiredCount })) };
  };
}

describe('the effect', () => {
  it('is confirmed from AWS and told as such [G12, G11]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, SCALE);

    const after = await approveAll(house, id, 'dave');

    expect(after.verified?.state).to.equal('confirmed');
    expect(standing(house.desk.card(after)).words).to.equal('Approved by Dave. Done and verified.');
    const told = (await posts(house)).filter(({ value }) => value.to.id === '@alice');
    expect(told.map(({ value }) => String(value.view.body).split('\n')[0])).to.deep.equal([
      'Approved by Dave. Done and verified.',
    ]);
  });

  it('is contradicted when something else undoes it [G12]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, SCALE);
    house.aws.onWrite = () => wantTasks(house, 2);

    const after = await approveAll(house, id, 'dave');

    expect(after).to.deep.include({ state: 'succeeded' });
    expect(after.verified?.state).to.equal('contradicted');
    expect(house.desk.card(after)).to.deep.include({ status: 'warning' });
    expect(standing(house.desk.card(after)).words).to.include('Sent; the effect was not confirmed');
  });

  it('is called not seen, in words, when time is over [G12]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, SCALE);
    house.aws.onWrite = () => {
      house.aws.seen = () => {
        throw new Error('AWS is away');
      };
    };

    const after = await approveAll(house, id, 'dave');

    expect(after.verified?.state).to.equal('not_seen');
    expect(after.verified?.text).to.equal('The effect was not seen within 15 min: AWS is away');
    expect((await records(house)).at(-1)).to.deep.include({ type: 'change_verified', outcome: 'not_seen' });
  });

  it('offers an undo that is a request like any other, with an approval of its own [G12]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, SCALE);
    const after = await approveAll(house, id, 'dave');
    const [undo] = house.desk.card(after).actions ?? [];
    if (undo?.kind !== 'say') throw new Error('no undo');
    const meant = createUnderstanding({ catalog })(undo.text, { now: NOON });
    if (meant.kind !== 'call') throw new Error(`not understood: ${undo.text}`);

    const back = await propose(house, meant);

    expect(meant).to.deep.include({ tool: 'scale_ecs_service' });
    expect(back.view.changes[0]?.after).to.equal('2');
    expect((await stored(house, back.id)).state).to.equal('pending');
    expect(house.aws.writes).to.have.length(1);
    expect((await approveAll(house, back.id, 'dave')).state).to.equal('succeeded');
  });

  it('offers no undo for a reboot [G12]', async () => {
    const house = await createHouse();
    const after = await approveAll(house, (await propose(house, CALLS.medium)).id, 'dave');

    expect(house.desk.card(after).actions?.map(({ label }) => label)).to.deep.equal(['Details']);
  });

  it('is looked for once by a sweep, which goes on with its other work [G12, G10]', async () => {
    const house = await createHouse();
    const first = await propose(house, SCALE);
    const waiting = await propose(house, CALLS.medium);
    house.aws.onWrite = () => {
      house.aws.seen = () => {
        throw new Error('AWS is away');
      };
    };
    await house.gate.stop();
    const { holder } = house.parts;
    house.parts.holder = { ...holder, pid: 2 ** 30, boot: 'a process that is gone' };
    await decide(house, 'dave', first.id);
    await house.gate.idle();
    house.parts.holder = holder;
    house.setNow(NOON + 14 * 60_000);

    const before = house.clock.now();
    await house.gate.sweep(new AbortController().signal);
    const took = house.clock.now() - before;
    house.aws.seen = (_operation, output) => output;
    await house.gate.sweep(new AbortController().signal);

    expect(took, 'the sweep slept').to.equal(0);
    expect((await stored(house, first.id)).verified?.state).to.equal('confirmed');
    expect((await stored(house, waiting.id)).state).to.equal('pending');
  });
});
