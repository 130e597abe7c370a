import { expect } from 'chai';
import { approvalKind } from '../../approvals/approval.ts';
import { copyKind } from '../../approvals/outbox.ts';
import { createDispatcher } from '../../bot/dispatcher.ts';
import { OpsError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import { put, type Store } from '../../store/store.ts';
import { approveAll, CALLS, createHouse, decide, NOON, OPS, posts, propose, stored } from '../approvals/house.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { createBotHouse } from './bot-house.ts';
import { away, type RecordingChannel, recordingChannel, statesShown, views } from './recording-channel.ts';

/** Where messages went that are no cards, in order. */
const told = ({ messages }: RecordingChannel): string[] =>
  [...messages.values()].filter(({ view }) => view.kind === 'message').map(({ to }) => to.id);

const REBOOT = 'ec2 reboot i-0bad5eed2c0ffee02';

describe('dispatcher', () => {
  const path = temporaryFolder();

  it('edits every copy of a card to the final state, and tells requester and approvers once each [G11]', async () => {
    const house = await createBotHouse();
    const { approvalId: id = '' } = await house.say('alice', REBOOT);
    await house.settle();
    await house.say('carol', `show ${id}`);
    await house.say('bob', `show ${id}`);

    await house.press('dave', { approvalId: id });
    await house.gate.idle();
    await house.settle();

    expect(statesShown(house.web, id)).to.deep.equal(Array(4).fill('succeeded'));
    expect(told(house.web)).to.deep.equal(['@alice', '#ops']);
    expect(await posts(house)).to.have.length(0);
    for (const view of views(house.web)) expect(view).to.not.have.nested.property('actions[0].verdict');
  });

  it('comes back to a channel that was away, without saying anything twice [G11]', async () => {
    const house = await createBotHouse();
    const { approvalId: id = '' } = await house.say('alice', REBOOT);
    await house.settle();
    house.web.fault = away;
    await house.press('dave', { approvalId: id });
    await house.gate.idle();
    await house.settle();
    const during = statesShown(house.web, id);
    house.setNow(house.clock.now() + 45_000);
    await house.settle();

    house.web.fault = undefined;
    house.setNow(house.clock.now() + 90_000);
    await house.settle();
    await house.settle();

    expect(during).to.deep.equal(['pending', 'pending']);
    expect(statesShown(house.web, id)).to.deep.equal(['succeeded', 'succeeded']);
    expect(told(house.web)).to.have.members(['@alice', '#ops']);
  });

  it('keeps its card true when another process decides, on the same file [G11]', async () => {
    const first = await createBotHouse({ path: path('ops.db') });
    const second = await createHouse({ path: path('ops.db') });
    const { approvalId: id = '' } = await first.say('alice', REBOOT);
    await first.settle();

    await approveAll(second, id, 'dave');
    await first.settle();

    expect(statesShown(first.web, id)).to.deep.equal(['succeeded', 'succeeded']);
    expect(second.aws.writes).to.have.length(1);
    await first.store.close();
    await second.store.close();
  });

  it('delivers each post once though two processes look at the same time [G11]', async () => {
    const first = await createBotHouse({ path: path('ops.db') });
    const second = await createBotHouse({ path: path('ops.db') });
    const ids: string[] = [];
    for (const count of [3, 4, 5, 6, 7])
      ids.push((await propose(first, { ...CALLS.low, input: { ...CALLS.low.input, desired_count: count } })).id);

    await Promise.all([first.settle(), second.settle(), first.settle()]);
    const posted = [...views(first.web), ...views(second.web)].map(
      (view) => view.kind === 'approval' && view.approvalId,
    );

    expect(posted.sort()).to.deep.equal(ids.sort());
    await first.store.close();
    await second.store.close();
  });

  it('takes up what a process left in the middle of a delivery, when its lease is over [G11, O5]', async () => {
    const house = await createBotHouse();
    const { id } = await propose(house, CALLS.medium);
    house.web.fault = away;
    await house.settle();
    house.web.fault = undefined;

    house.setNow(NOON + 29_990);
    await house.settle();
    const early = statesShown(house.web, id);
    house.setNow(NOON + 30_010);
    await house.settle();

    expect(early).to.deep.equal([]);
    expect(statesShown(house.web, id)).to.deep.equal(['pending']);
  });

  it('says what is due when it stops, and no more once its time for that is over [G11, O5]', async () => {
    const house = await createBotHouse();
    for (const count of [3, 4, 5])
      await propose(house, { ...CALLS.low, input: { ...CALLS.low.input, desired_count: count } });
    let over: () => void = () => {};
    const sleep = (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        over = resolve;
        signal?.addEventListener('abort', reject);
      });
    const slow = recordingChannel();
    slow.post = async (to, view) => {
      over();
      return house.web.post(to, view);
    };
    const stopped = createDispatcher({
      ...house,
      ...{ log: silentLog, clock: { ...house.clock, sleep }, channels: new Map([['web', slow]]) },
    });

    house.setNow(NOON + 1);
    await stopped.stop();
    const saidByThen = views(house.web).length;
    house.setNow(NOON + 60_000);
    await house.settle();

    expect(saidByThen).to.equal(1);
    expect(views(house.web)).to.have.length(3);
  });

  it('asks the store about the channels that something is said on, and about no others [G11]', async () => {
    const house = await createBotHouse();
    const asked: string[] = [];
    const store: Store = {
      ...house.store,
      query(kind, query) {
        if (query.index === 'due') asked.push(query.partition);
        return house.store.query(kind, query);
      },
    };
    const channels = new Map(['web', 'webhook', 'slack'].map((name) => [name, recordingChannel(name)]));
    const dispatcher = createDispatcher({ ...house, store, log: silentLog, channels });
    house.parts.changed = dispatcher.wake;

    const { id } = await propose(house, CALLS.medium);
    await decide(house, 'dave', id, { verdict: 'reject', reason: 'no' });
    await dispatcher.stop();

    const [before, after] = [asked.slice(0, -3), asked.slice(-3)];
    expect([...new Set(before)]).to.deep.equal(['web']);
    expect(after).to.have.members(['web', 'webhook', 'slack']);
  });

  it('posts a card as the change is now, not as it was when the post was written [G11]', async () => {
    const house = await createBotHouse();
    const { id } = await propose(house, CALLS.medium);
    await decide(house, 'dave', id, { verdict: 'reject', reason: 'no' });

    await house.settle();

    expect(statesShown(house.web, id)).to.deep.equal(['rejected']);
  });

  it('edits more copies than one page holds [G11]', async () => {
    const house = await createBotHouse();
    const { approvalId: id = '' } = await house.say('alice', REBOOT);
    await house.settle();
    for (let times = 0; times < 60; times += 1) await house.say('carol', `show ${id}`);

    await house.press('alice', { approvalId: id, verdict: 'cancel' });
    await house.settle();

    expect(new Set(statesShown(house.web, id))).to.deep.equal(new Set(['cancelled']));
    expect(statesShown(house.web, id)).to.have.length(62);
  });

  it('gives up on a message that is gone, and only on that [G11]', async () => {
    const house = await createBotHouse();
    const { approvalId: id = '' } = await house.say('alice', REBOOT);
    await house.settle();
    const [gone = ''] = house.web.messages.keys();
    house.web.messages.delete(gone);
    await house.press('alice', { approvalId: id, verdict: 'cancel' });
    await house.settle();
    const after = house.web.updates;

    for (let passes = 0; passes < 5; passes += 1) await house.settle();

    expect(statesShown(house.web, id)).to.deep.equal(['cancelled']);
    expect(house.web.updates - after, 'it is still being edited').to.equal(0);
    const copies = await house.store.query(copyKind, { index: 'by_change', partition: id, limit: 50 });
    expect(copies.rows.map(({ value }) => value.message)).to.not.include(gone);
  });

  it('tells the requester when the card cannot reach those who are asked [G11, G14]', async () => {
    const house = await createBotHouse();
    await house.say('alice', REBOOT);
    house.web.fault = new OpsError('delivery_failed', 'Slack says channel_not_found', { hint: 'Invite OpsAgent.' });
    await house.settle();
    house.web.fault = undefined;

    for (let passes = 0; passes < 3; passes += 1) await house.settle();

    const warned = [...house.web.messages.values()].filter(({ view }) => view.title === 'Could not ask in web');
    expect(warned.map(({ to }) => to.id)).to.deep.equal(['@alice']);
    expect(warned[0]?.view).to.have.property('body').that.includes('channel_not_found. Invite OpsAgent.\n');
  });

  it('tells the requester once when the approvers’ channel stays away, and goes on trying [G11, G14]', async () => {
    const slack = recordingChannel('slack');
    const house = await createBotHouse({}, [slack]);
    house.parts.route = () => [{ channel: 'slack', id: 'T0123ABCD/C0123ABCD' }];
    const { approvalId: id = '' } = await house.say('alice', REBOOT);
    slack.fault = away;
    const warned = () => [...house.web.messages.values()].filter(({ view }) => view.title === 'Could not ask in slack');
    const told: number[] = [];

    for (const seconds of [0, 31, 92, 213]) {
      house.setNow(NOON + seconds * 1000);
      await house.settle();
      await house.settle();
      told.push(warned().length);
    }
    slack.fault = undefined;
    house.setNow(NOON + 454_000);
    await house.settle();

    expect(told).to.deep.equal([0, 0, 1, 1]);
    expect(statesShown(slack, id)).to.deep.equal(['pending']);
  });

  it('edits a card that was long on the way while its change moved on [G11]', async () => {
    const house = await createBotHouse();
    const { id } = await propose(house, CALLS.medium);
    const posting = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const { post } = house.web;
    house.web.post = async (to, view) => {
      posting.resolve();
      await arrived.promise;
      return post(to, view);
    };
    const delivering = house.settle();
    await posting.promise;
    await decide(house, 'alice', id, { verdict: 'cancel' });
    const refreshed = house.dispatcher.flush();
    for (let minutes = 0; minutes < 3; minutes += 1) {
      house.setNow(house.clock.now() + 60_000);
      void house.dispatcher.flush();
      await new Promise((resolve) => setImmediate(resolve));
    }
    arrived.resolve();
    await Promise.all([delivering, refreshed]);
    await house.settle();

    expect(statesShown(house.web, id)).to.deep.equal(['cancelled']);
  });

  it('announces the expiry on the card, to the requester and to those who were asked [G11, G14]', async () => {
    const house = await createBotHouse();
    const { approvalId: id = '' } = await house.say('alice', REBOOT);
    await house.settle();
    house.setNow(NOON + 15 * 60_000 + 1);

    await house.gate.sweep(new AbortController().signal);
    await house.settle();

    expect(statesShown(house.web, id)).to.deep.equal(['expired', 'expired']);
    expect(
      views(house.web)
        .filter(({ kind }) => kind === 'message')
        .map(({ title }) => title),
    ).to.deep.equal(Array(2).fill(house.desk.card(await stored(house, id)).title));
  });

  it('starts beside 1,000 changes that wait without reading one of them, and lets others in between [O5, G11]', async () => {
    const { store, clock, desk, web, ...house } = await createBotHouse();
    const { approvalId = '' } = await house.say('alice', REBOOT);
    await house.settle();
    const waiting = (await store.get(approvalKind, approvalId))?.value;
    if (!waiting) throw new Error('nothing waits');
    for (let from = 0; from < 1_000; from += 100)
      await store.transact(
        Array.from({ length: 100 }, (_, n) =>
          put(approvalKind, `chg-${from + n}`, { ...waiting, id: `chg-${from + n}` }),
        ),
      );
    const reading = { changes: 0, turnsOfTheLoop: 0 };
    const counted: typeof desk = {
      ...desk,
      approval(id) {
        reading.changes += 1;
        return desk.approval(id);
      },
    };
    const counting = setImmediate(function count() {
      reading.turnsOfTheLoop += 1;
      if (reading.turnsOfTheLoop < 1_000) setImmediate(count);
    });

    const restarted = { store, clock, log: silentLog, channels: new Map([[web.name, web]]) };
    await createDispatcher({ desk: counted, ...restarted }).flush();
    const { changes, turnsOfTheLoop } = reading;
    clearImmediate(counting);

    expect(changes).to.equal(0);
    expect(turnsOfTheLoop).to.be.greaterThan(4);
    expect(statesShown(web, approvalId)).to.deep.equal(['pending', 'pending']);
  });

  it('ends true though another process edits it late, with what it knew before [G11]', async () => {
    const house = await createBotHouse();
    const { store, clock, desk, web } = house;
    const [begun, mayLand] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let late = true;
    const slow = {
      ...web,
      async update(...[message, view]: Parameters<typeof web.update>) {
        if (late) {
          late = false;
          begun.resolve();
          await mayLand.promise;
        }
        return web.update(message, view);
      },
    };
    const channels = new Map([['web', slow]]);
    const second = createDispatcher({ store, clock, log: silentLog, desk, channels });
    const { approvalId: id = '' } = await house.say('alice', REBOOT);
    await house.settle();
    house.setNow(NOON + 8 * 60_000);
    // Else the first would edit it too, and which of the two comes first is nobody's to say.
    house.parts.changed = () => {};
    await house.gate.sweep(new AbortController().signal);
    const drawing = second.flush();
    await begun.promise;
    house.parts.changed = house.dispatcher.wake;
    await house.press('dave', { approvalId: id });
    await house.gate.idle();
    await house.settle();

    mayLand.resolve();
    await drawing;
    await second.flush();
    await house.settle();

    expect(statesShown(web, id)).to.deep.equal(['succeeded', 'succeeded']);
  });

  it('leaves alone what belongs to a channel of another process [G11]', async () => {
    const house = await createBotHouse();
    const terminal = recordingChannel('terminal-1');
    const other = await createBotHouse({ store: house.store }, [terminal]);
    const conversation = { channel: 'terminal-1', id: 'alice' };
    const { approvalId: id = '' } = await other.say('alice', REBOOT, { conversation });

    await house.press('dave', { approvalId: id }, { conversation: OPS });
    await house.gate.idle();
    await house.settle();
    const before = statesShown(terminal, id);
    other.setNow(house.clock.now());
    await other.settle();

    expect(before).to.deep.equal(['pending']);
    expect(statesShown(terminal, id)).to.deep.equal(['succeeded']);
    const said = views(terminal).flatMap((view) => (view.kind === 'message' ? [view.body] : []));
    expect(said.join()).to.include('Done and verified');
  });
});
