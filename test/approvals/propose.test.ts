import { expect } from 'chai';
import { sha256Hex } from '../../lib/ids.ts';
import type { JsonObject } from '../../lib/json.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import {
  approveAll,
  CALLS,
  caller,
  createHouse,
  decide,
  NOON,
  OPS,
  posts,
  propose,
  records,
  ruleOf,
  stored,
} from './house.ts';

const MINUTE = 60_000;

describe('proposal', () => {
  it('shows all that a decision needs, from the stored plan [G6, A1]', async () => {
    const house = await createHouse();
    const who = caller('alice');
    const call = { ...CALLS.medium, input: { ...CALLS.medium.input, reason: 'it hangs' } };

    const outcome = await house.gate.submit(call, who);

    const [row] = (await house.desk.approvals({ state: 'pending', limit: 10 })).rows;
    if (outcome.status !== 'pending' || !row) throw new Error('not pending');
    const { plan, digest } = row.value;
    expect(outcome.view).to.deep.include({
      state: 'pending',
      action: `Reboot EC2 instance ${known.sickInstance} (web-2)`,
      target: `web-2 (${plan.targets[0]?.arn})`,
      changes: [{ field: 'state', before: 'running', after: 'rebooting, then running' }],
      risk: 'medium',
      riskReasons: plan.risk_reasons,
      impact: plan.impact,
      requester: 'alice@example.com',
      reason: 'it hangs',
      expiresAt: new Date(NOON + 15 * MINUTE).toISOString(),
      digestPrefix: digest.slice(0, 12),
      quorum: 1,
      votes: [],
      correlationId: who.correlationId,
    });
    expect(outcome.view.source).to.deep.include({
      account: '111122223333',
      accountAlias: 'acme-sandbox',
      region: 'eu-west-1',
      mode: 'LOCAL_MOCK',
    });
    expect(outcome.view.mayApprove).to.equal('admin, ops-lead, senior-engineer or engineer, the requester too');
    expect(outcome.view.deciders).to.have.members(['alice', 'dave', 'bob', 'erin'].map((who) => `${who}@example.com`));
    expect(outcome.view.actions?.map((action) => action.kind === 'decide' && action.digest)).to.deep.equal([
      digest,
      digest,
      digest,
      false,
    ]);
    expect(house.aws.writes).to.deep.equal([]);
  });

  it('asks two people for a high risk and says who they may be [G3, G6]', async () => {
    const house = await createHouse();

    const { view } = await propose(house, CALLS.high);

    expect(view).to.deep.include({
      risk: 'high',
      quorum: 2,
      mayApprove: 'admin, ops-lead or senior-engineer, but not the requester',
    });
  });

  it('stores only the hash of a token that has 256 random bits [G5]', async () => {
    const house = await createHouse();
    const first = await propose(house, CALLS.medium);
    const second = await propose(house, CALLS.low);

    const row = await stored(house, first.id);
    const everything = JSON.stringify([row, await posts(house), await records(house)]);

    expect(first.token).to.match(/^approve-[A-Za-z0-9_-]{43}$/);
    expect(second.token).to.not.equal(first.token);
    expect(row.token_hash).to.equal(sha256Hex(first.token));
    expect(everything).to.not.include(first.token.slice('approve-'.length));
  });

  it('puts the card before the approvers in the commit of the change, unless it was asked there [G6, G11]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    const elsewhere = await posts(house);
    await propose(house, CALLS.low, 'alice', { conversation: OPS });

    expect(elsewhere.map(({ value }) => [value.to, value.card_of])).to.deep.equal([[OPS, id]]);
    expect(elsewhere[0]?.value.view).to.not.have.property('token');
    expect(await posts(house)).to.have.length(1);
  });

  it('is refused for an untagged resource with the tag to add, and recorded [G1, A4]', async () => {
    const house = await createHouse();
    const call = { tool: 'reboot_ec2', input: { instance_id: known.untaggedInstance } };

    const outcome = await house.gate.submit(call, caller('erin'));

    expect(ruleOf(outcome)).to.equal('managed-tag');
    expect(outcome.view).to.have.property('next').that.includes('OpsAgentManaged=true');
    expect((await records(house)).at(-1)).to.deep.include({
      type: 'access_denied',
      rule: 'managed-tag',
      outcome: 'denied',
    });
    expect((await house.desk.approvals({ state: 'pending', limit: 10 })).rows).to.have.length(0);
  });

  it('is refused for the resource of another environment [G1]', async () => {
    const house = await createHouse({ environment: 'development' });

    expect(ruleOf(await house.gate.submit(CALLS.medium, caller('erin')))).to.equal('environment-tag');
  });

  it('is refused to people who may only read, before AWS is asked [G2]', async () => {
    const house = await createHouse();
    let looked = 0;
    house.aws.seen = (_operation, output) => {
      looked += 1;
      return output;
    };

    const viewer = await house.gate.submit(CALLS.medium, caller('carol'));
    const stranger = await house.gate.submit(CALLS.medium, caller('mallory'));

    expect([ruleOf(viewer), ruleOf(stranger)]).to.deep.equal(['proposals', 'proposals']);
    expect(looked).to.equal(0);
  });

  it('gives the waiting card to the person who asks the same again, and a card of their own to others [G6, G8]', async () => {
    const house = await createHouse();
    const first = await propose(house, CALLS.medium);

    const again = await propose(house, CALLS.medium);
    const other = await propose(house, CALLS.medium, 'dave');

    expect(again).to.deep.include({ id: first.id, token: '' });
    expect(again.view.note).to.include('already waiting');
    expect(other.id).to.not.equal(first.id);
    expect((await records(house)).filter(({ change_id }) => change_id === first.id)).to.have.length(2);
  });

  it('makes a card of its own when what waits was proposed in another mode, where it can never run [G6, G9]', async () => {
    const rehearsed = await createHouse({ mode: 'DRY_RUN' });
    const waiting = await propose(rehearsed, CALLS.medium);
    const live = await createHouse({ store: rehearsed.store });

    const again = await propose(live, CALLS.medium);
    const twice = await propose(live, CALLS.medium);

    expect(again.id).to.not.equal(waiting.id);
    expect(twice.id).to.equal(again.id);
  });

  it('gives the waiting card also when somebody asked the same while it was looked for [G6, G8]', async () => {
    const house = await createHouse();
    const { store } = house;
    let between: Promise<{ id: string }> | undefined;
    house.parts.store = {
      ...store,
      async get(kind, id) {
        const row = await store.get(kind, id);
        if (kind.name === 'proposal' && !between) {
          between = propose(house, CALLS.medium);
          await between;
        }
        return row;
      },
    };

    const late = await propose(house, CALLS.medium);

    expect(late.id).to.equal((await between)?.id);
    expect((await house.desk.approvals({ state: 'pending', limit: 10 })).rows).to.have.length(1);
  });

  it('gives the same card though no further change may wait [G6]', async () => {
    const house = await createHouse({ settings: { limits: { pending_per_person: 1 } } });
    const first = await propose(house, CALLS.medium);

    expect((await propose(house, CALLS.medium)).id).to.equal(first.id);
  });

  it('holds a flood at the cap of each person and lets others go on [G9]', async () => {
    const house = await createHouse({ settings: { limits: { pending_per_person: 2 } } });
    const scale = (count: number) => ({ ...CALLS.low, input: { ...CALLS.low.input, desired_count: count } });
    await propose(house, scale(3));
    await propose(house, scale(4));

    const third = await house.gate.submit(scale(5), caller('alice'));

    expect(ruleOf(third)).to.equal('pending-limit');
    expect((await propose(house, scale(5), 'dave')).id).to.match(/^chg-/);
  });

  it('waits 60 s after the same change was rejected, whoever asks and whatever the reason [G7]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    await decide(house, 'dave', id, { verdict: 'reject', reason: 'not at noon' });
    const again = { ...CALLS.medium, input: { ...CALLS.medium.input, reason: 'please' } };

    house.setNow(NOON + 59_999);
    const tooSoon = await house.gate.submit(again, caller('bob'));
    house.setNow(NOON + 60_000);
    const later = await house.gate.submit(again, caller('bob'));

    expect(ruleOf(tooSoon)).to.equal('just-rejected');
    expect(later.status).to.equal('pending');
  });

  it('is refused while changes are paused, in the file or in chat, and reads go on [G9]', async () => {
    const byFile = await createHouse({ settings: { changes: 'paused' } });
    const byChat = await createHouse();
    await byChat.gate.pause('an incident', caller('bob'));

    for (const house of [byFile, byChat]) {
      expect(ruleOf(await house.gate.submit(CALLS.medium, caller('erin')))).to.equal('kill-switch');
      const read = { tool: 'get_ec2_status', input: { instance_id: known.sickInstance } };
      expect((await house.gate.submit(read, caller('carol'))).status).to.equal('done');
    }
  });

  it('opens change windows to the minute, over midnight too [G9]', async () => {
    // The 20th of November 2026 is a Friday.
    const open = async (time: string, window: object) => {
      const house = await createHouse({ settings: { change_windows: [window] } });
      house.setNow(Date.parse(`2026-11-${time}Z`));
      return (await house.gate.submit(CALLS.low, caller('alice'))).status === 'pending';
    };
    const day = { days: ['fri'], from: '09:00', to: '17:00' };
    const night = { days: ['fri'], from: '22:00', to: '02:00' };

    for (const [time, window, wanted] of [
      ['20T08:59:59', day, false],
      ['20T09:00:00', day, true],
      ['20T16:59:59', day, true],
      ['20T17:00:00', day, false],
      ['21T12:00:00', day, false],
      ['20T21:59:59', night, false],
      ['20T22:00:00', night, true],
      ['21T01:59:59', night, true],
      ['21T02:00:00', night, false],
      ['20T01:00:00', night, false],
      ['21T22:30:00', night, false],
    ] as const)
      expect(await open(time, window), time).to.equal(wanted);
  });

  it('takes nothing but the exact tool and the exact fields, and records what it refused [G6, A4]', async () => {
    const house = await createHouse();
    const wrong: [string, JsonObject][] = [
      ['Reboot_EC2', CALLS.medium.input],
      ['reboot-ec2', CALLS.medium.input],
      ['__proto__', {}],
      ['constructor', {}],
      ['terminate_instances', CALLS.medium.input],
      ['', {}],
      ['reboot_ec2', {}],
      ['reboot_ec2', { ...CALLS.medium.input, force: true }],
      ['reboot_ec2', { instance_id: [known.sickInstance] }],
      ['reboot_ec2', { instance_id: { toString: known.sickInstance } }],
      ['reboot_ec2', { instance_id: `${known.sickInstance} ` }],
      ['reboot_ec2', { instance_id: `${known.sickInstance}\n` }],
      ['reboot_ec2', { instance_id: known.sickInstance.toUpperCase() }],
      ['reboot_ec2', { ...CALLS.medium.input, region: 'mars-north-1' }],
      ['reboot_ec2', JSON.parse(`{"instance_id":"${known.sickInstance}","__proto__":{"force":true}}`) as JsonObject],
      ['scale_ecs_service', { ...CALLS.low.input, desired_count: -1 }],
      ['scale_ecs_service', { ...CALLS.low.input, desired_count: 1e308 }],
      ['scale_ecs_service', { ...CALLS.low.input, desired_count: 2.5 }],
      ['scale_ecs_service', { ...CALLS.low.input, desired_count: '0x3' }],
      ['scale_ecs_service', { ...CALLS.low.input, desired_count: null }],
    ];
    for (const [tool, input] of wrong) {
      const { status } = await house.gate.submit({ tool, input }, caller('erin'));
      expect(status, `${tool} ${JSON.stringify(input)}`).to.equal('failed');
    }

    expect((await house.desk.approvals({ state: 'pending', limit: 10 })).rows).to.have.length(0);
    expect((await records(house)).filter(({ type }) => type === 'error_occurred')).to.have.length(wrong.length);
    expect(({} as { force?: boolean }).force).to.equal(undefined);
  });

  it('warns on the next card when an earlier outcome on the resource is not known [G10]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    house.aws.onWrite = () => {
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    };
    await approveAll(house, id, 'dave');

    const { view } = await propose(house, CALLS.medium);

    expect(view.warnings.join()).to.include(`Possible repeat of ${id}`);
  });

  it('says on the next card for a quarter of an hour that the same resource was just changed [G6]', async () => {
    const house = await createHouse();
    const earlier = await propose(house, CALLS.medium);
    await approveAll(house, earlier.id, 'dave');
    house.setNow(NOON + MINUTE);
    const { id } = await propose(house, CALLS.medium);
    await approveAll(house, id, 'dave');

    house.setNow(NOON + 15 * MINUTE);
    const soon = await propose(house, CALLS.medium);
    const elsewhere = await propose(house, CALLS.low);
    house.setNow(NOON + 16 * MINUTE);
    const later = await propose(house, CALLS.medium, 'erin');

    expect(soon.view.warnings).to.deep.equal([
      `The same resource was changed at 2026-11-20 12:01:00 UTC, by ${id}: Reboot EC2 instance ${known.sickInstance} (web-2).`,
    ]);
    expect(elsewhere.view.warnings).to.deep.equal([]);
    expect(later.view.warnings.join()).not.to.include('was changed at');
  });

  it('warns of no change that a dry run only showed [G6]', async () => {
    const house = await createHouse({ mode: 'DRY_RUN' });
    const { id } = await propose(house, CALLS.medium);
    await approveAll(house, id, 'dave');

    const next = await propose(house, CALLS.medium);

    expect((await stored(house, id)).state).to.equal('succeeded');
    expect(next.view.warnings.join()).not.to.include('was changed at');
  });
});
