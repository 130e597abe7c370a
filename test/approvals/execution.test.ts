import { expect } from 'chai';
import { EXEC_WITHIN_MS, SEND_WITHIN_MS } from '../../approvals/machine.ts';
import { standing } from '../../cards/wording.ts';
import type { Grant } from '../../tools/aws/aws.ts';
import { grantOf } from '../../tools/aws/permit.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { movableClock } from '../store/movable-clock.ts';
import {
  approveAll,
  CALLS,
  caller,
  createHouse,
  decide,
  type House,
  NOON,
  posts,
  propose,
  records,
  ruleOf,
  stored,
} from './house.ts';
import { sdkError } from './recording-aws.ts';
import { slowCommit } from './slow-commit.ts';

const scale = (count: number) => ({ ...CALLS.low, input: { ...CALLS.low.input, desired_count: count } });

describe('execution', () => {
  it('calls AWS once for an approved change, with INTENT before the call and OUTCOME after it [G10, A4]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);

    const after = await approveAll(house, id, 'dave');

    const chain = (await records(house)).filter(({ change_id }) => change_id === id);
    const seqOf = (type: string) => chain.find((record) => record.type === type)?.seq ?? Number.NaN;
    expect(after.state).to.equal('succeeded');
    expect(house.aws.writes).to.have.length(1);
    expect(house.aws.writes[0]?.input).to.deep.equal({ InstanceIds: [known.sickInstance] });
    expect(seqOf('change_intent')).to.equal(house.aws.writes[0]?.seq);
    expect(seqOf('change_outcome')).to.equal(seqOf('change_intent') + 1);
    expect(chain.map(({ type }) => type)).to.deep.equal([
      ...['approval_requested', 'approval_granted', 'change_intent', 'change_outcome', 'change_verified'],
    ]);
  });

  it('carries the correlation id of the request into the session, the records and the card [A1]', async () => {
    const house = await createHouse();
    const who = caller('alice');
    const asked = await house.gate.submit(CALLS.medium, who);
    const after = await approveAll(house, asked.status === 'pending' ? asked.approvalId : '', 'dave');

    const ids = (await records(house)).map(({ correlation_id }) => correlation_id);
    expect(new Set(ids)).to.deep.equal(new Set([who.correlationId]));
    expect(house.aws.writes[0]?.correlationId).to.equal(who.correlationId);
    expect(house.desk.card(after).correlationId).to.equal(who.correlationId);
  });

  it('runs with a permit of this change and this claim, and reads without one [G8, G10]', async () => {
    const house = await createHouse();
    const permits: unknown[] = [];
    const open = house.aws.open.bind(house.aws);
    house.aws.open = (request) => {
      permits.push(request.permit);
      return open(request);
    };
    const { id } = await propose(house, CALLS.medium);
    const after = await approveAll(house, id, 'dave');

    expect(permits.filter((permit) => permit !== undefined)).to.deep.equal([{ changeId: id, fence: after.fence }]);
    expect(permits.length).to.be.greaterThan(2);
  });

  it('opens a session for the plan that was approved, in the name of the last who did [G10, G1]', async () => {
    const house = await createHouse();
    const grants: Grant[] = [];
    const open = house.aws.open.bind(house.aws);
    house.aws.open = (request) => {
      if (request.permit) grants.push(grantOf(request.permit, 'the test'));
      return open(request);
    };
    const { id } = await propose(house, CALLS.high);

    const { plan } = await approveAll(house, id, 'dave', 'bob');

    const [grant, ...others] = grants;
    expect(others).to.deep.equal([]);
    expect(grant?.approver).to.equal('bob@example.com');
    expect(grant?.targets).to.deep.equal(plan.targets.map(({ arn }) => arn));
    expect(grant?.actions).to.include('ec2:RebootInstances');
  });

  for (const [what, error] of [
    ['a refusal', sdkError('UnauthorizedOperation', 403)],
    ['an invalid request', sdkError('IncorrectInstanceState', 400)],
    ['throttling', sdkError('RequestLimitExceeded', 503)],
    ['no connection', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })],
    ['expired credentials', sdkError('ExpiredToken', 400)],
  ] as const) {
    it(`calls ${what} failed, says what AWS said, and lets the resource rest [G10, G9]`, async () => {
      const house = await createHouse({ settings: { limits: { cooldown_minutes: 5 } } });
      const { id } = await propose(house, CALLS.medium);
      house.aws.onWrite = () => {
        throw error;
      };

      const after = await approveAll(house, id, 'dave');
      house.aws.onWrite = () => {};
      const next = await propose(house, CALLS.medium);
      const refused = await decide(house, 'dave', next.id);
      house.setNow(NOON + 5 * 60_000 + 60_000);
      const later = await approveAll(house, next.id, 'dave');

      expect(after.state).to.equal('failed');
      expect(after.outcome?.error?.message).to.be.a('string').and.not.equal('');
      expect(next.view.warnings.join()).to.include('A change on this resource failed; it rests until');
      expect(ruleOf(refused)).to.equal('cooldown-after-failure');
      expect(later.state).to.equal('succeeded');
      expect(house.aws.writes).to.have.length(2);
    });
  }

  for (const [what, error] of [
    ['a time-out', Object.assign(new Error('aborted'), { name: 'AbortError' })],
    ['a reset connection', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['a fault of AWS', sdkError('InternalError', 500, 'server')],
    ['a page of a proxy', sdkError('UnknownError', 403)],
    ['something nobody knows', new Error('what?')],
  ] as const) {
    it(`reports ${what} as not known, sends nothing again, and tells the requester [G10, G11]`, async () => {
      const house = await createHouse();
      const { id } = await propose(house, CALLS.medium);
      house.aws.onWrite = () => {
        throw error;
      };

      const after = await approveAll(house, id, 'dave');
      house.setNow(NOON + 3_600_000);
      for (let sweeps = 0; sweeps < 3; sweeps += 1) await house.gate.sweep(new AbortController().signal);

      const told = (await posts(house)).filter(({ value }) => value.to.id === '@alice');
      expect(after.state).to.equal('unknown');
      expect(house.aws.writes).to.have.length(1);
      expect(told.map(({ value }) => value.view.body).join()).to.include('it is not sent again');
      expect((await stored(house, id)).state, 'after 20 minutes nobody can know').to.equal('closed_unknown');
    });
  }

  it('keeps the request id of AWS on the card and in the record [A2, G11]', async () => {
    const house = await createHouse();
    const { id } = await propose(house, CALLS.medium);
    house.aws.onWrite = () => {
      throw sdkError('InternalError', 500, 'server');
    };
    const after = await approveAll(house, id, 'dave');

    expect(house.desk.card(after).outcome.join()).to.include('AWS request id req-77');
    expect((await records(house)).at(-1)?.aws?.request_id).to.equal('req-77');
  });

  it('stops at the last step in DRY_RUN and says so [G9, G12]', async () => {
    const house = await createHouse({ mode: 'DRY_RUN' });
    const reboot = await propose(house, CALLS.medium);
    const scaling = await propose(house, scale(3));

    const rebooted = await approveAll(house, reboot.id, 'dave');
    const scaled = await approveAll(house, scaling.id, 'dave');

    expect(house.aws.writes).to.have.length(0);
    expect(house.aws.dryRuns).to.have.length(1);
    expect(standing(house.desk.card(rebooted)).words).to.include('Dry run finished');
    expect(rebooted.outcome?.lines.join()).to.include('Nothing was changed');
    expect(scaled.outcome?.lines.join()).to.include('no dry run');
    expect(house.desk.card(scaled).actions?.map(({ label }) => label)).to.deep.equal(['Details']);
    expect(reboot.view.warnings.join()).to.include('Dry run');
  });

  it('says failed when the dry run is refused [G9]', async () => {
    const house = await createHouse({ mode: 'DRY_RUN' });
    const { id } = await propose(house, CALLS.medium);
    house.aws.onWrite = () => {
      throw sdkError('UnauthorizedOperation', 403);
    };

    expect((await approveAll(house, id, 'dave')).state).to.equal('failed');
  });

  it('starts no more than the hourly limit and says how many there were [G9]', async () => {
    const house = await createHouse({ settings: { limits: { per_hour: 2 } } });
    const states: string[] = [];
    for (const count of [3, 4])
      states.push((await approveAll(house, (await propose(house, scale(count))).id, 'dave')).state);
    const third = await propose(house, scale(5));
    const refused = await decide(house, 'dave', third.id);
    house.setNow(house.clock.now() + 3_600_001);
    const later = await approveAll(house, (await propose(house, scale(5))).id, 'dave');

    expect(states).to.deep.equal(['succeeded', 'succeeded']);
    expect(third.view.warnings.join()).to.match(/2 changes were started in the last hour.*Try again after 2026-.* UTC/);
    expect(ruleOf(refused)).to.equal('hourly-limit');
    expect((await stored(house, third.id)).state, 'not spent on the limit').to.equal('pending');
    expect(later.state).to.equal('succeeded');
  });

  it('lets one change at a time touch a resource; the second looks again afterwards [G9]', async () => {
    const house = await createHouse();
    const first = await propose(house, scale(3));
    const second = await propose(house, scale(5));
    let running = 0;
    let most = 0;
    house.aws.onWrite = async () => {
      running += 1;
      most = Math.max(most, running);
      for (let turns = 0; turns < 200; turns += 1) await Promise.resolve();
      running -= 1;
    };

    await Promise.all([decide(house, 'dave', first.id), decide(house, 'bob', second.id)]);
    await house.gate.idle();

    const states = [(await stored(house, first.id)).state, (await stored(house, second.id)).state].sort();
    expect(most).to.equal(1);
    expect(states).to.deep.equal(['invalidated', 'succeeded']);
    expect(house.aws.writes).to.have.length(1);
  });

  it('holds the concurrent limit; who waits longer than the approval is good for does not run [G9]', async () => {
    const house = await createHouse({ settings: { limits: { concurrent: 1 } } });
    const first = await propose(house, CALLS.medium);
    const second = await propose(house, scale(3));
    const blocked = Promise.withResolvers<void>();
    const calling = Promise.withResolvers<void>();
    house.aws.onWrite = () => {
      calling.resolve();
      return blocked.promise;
    };
    const running = decide(house, 'dave', first.id);
    await calling.promise;

    const outcome = await decide(house, 'dave', second.id);
    blocked.resolve();
    await running;
    await house.gate.idle();

    expect(outcome.status).to.equal('failed');
    expect((await stored(house, second.id)).ended_because.join()).to.include('at most 1 may be');
    expect((await stored(house, first.id)).state).to.equal('succeeded');
    expect(house.aws.writes).to.have.length(1);
  });

  it('sends nothing when it stood still between its claim and the call [G10]', async () => {
    const frozen = await createHouse();
    const serving = await createHouse({ store: frozen.store, clock: { clock: frozen.clock, setNow: frozen.setNow } });
    serving.parts.holder.host = 'another-host';
    const { id } = await propose(frozen, CALLS.low);
    const [standing, thawed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { open } = frozen.parts.aws;
    frozen.parts.aws = {
      async open(request) {
        if (request.permit) standing.resolve();
        if (request.permit) await thawed.promise;
        return open(request);
      },
    };
    const deciding = decide(frozen, 'bob', id);
    await standing.promise;

    for (const seconds of [31, 60]) {
      frozen.setNow(NOON + seconds * 1000);
      await serving.gate.sweep(new AbortController().signal);
    }
    thawed.resolve();
    await deciding;

    expect(frozen.aws.writes).to.have.length(0);
    expect((await stored(serving, id)).state).to.equal('failed');
  });

  const standsStill: [string, (house: House, ms: number) => void][] = [
    [
      'right after its claim',
      (house, ms) => {
        house.parts.crash = (point) => {
          if (point === 'P6') house.setNow(NOON + ms);
        };
      },
    ],
    [
      'while its session opens',
      (house, ms) => {
        const open = house.aws.open.bind(house.aws);
        house.aws.open = (request) => {
          if (request.permit) house.setNow(NOON + ms);
          return open(request);
        };
      },
    ],
  ];
  for (const [where, standStill] of standsStill)
    it(`sends what it can within ten seconds of its claim and nothing later, also when it stands still ${where} [G10]`, async () => {
      const ends: unknown[] = [];
      for (const ms of [SEND_WITHIN_MS - 1, SEND_WITHIN_MS]) {
        const house = await createHouse();
        const { id } = await propose(house, CALLS.low);
        standStill(house, ms);
        const { state } = await approveAll(house, id, 'bob');
        ends.push([state, house.aws.writes.length]);
      }

      expect(ends).to.deep.equal([
        ['succeeded', 1],
        ['failed', 0],
      ]);
    });

  it('does not begin with a claim that was made in time and committed too late [G9, G10]', async () => {
    const clock = movableClock(NOON);
    const house = await createHouse({ clock, through: slowCommit(clock, 'executing', NOON + EXEC_WITHIN_MS) });
    const { id } = await propose(house, CALLS.medium);
    house.parts.crash = (point) => {
      if (point === 'P5') house.setNow(NOON + EXEC_WITHIN_MS - 1);
    };

    const after = await approveAll(house, id, 'dave');

    expect(house.aws.writes).to.have.length(0);
    expect(after.state).to.equal('expired');
    expect((await records(house)).map(({ type }) => type)).to.not.include('change_intent');
  });

  it('has no use for the approval of a change that has run: nothing runs it twice [G10]', async () => {
    const house = await createHouse();
    const { id, token } = await propose(house, CALLS.medium);
    await approveAll(house, id, 'dave');

    for (const by of [id, token]) expect(ruleOf(await decide(house, 'bob', by))).to.equal('already-decided');
    for (let sweeps = 0; sweeps < 3; sweeps += 1) await house.gate.sweep(new AbortController().signal);
    expect(house.aws.writes).to.have.length(1);
  });
});
