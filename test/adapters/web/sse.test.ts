import { expect } from 'chai';
import type { Clock } from '../../../lib/clock.ts';
import { newApprovalToken } from '../../../lib/ids.ts';
import { aMessage, anApproval } from '../views.ts';
import { openEvents } from './event-stream.ts';
import { answered, startWeb, type WebHarness } from './web-harness.ts';

const alice = 'alice@example.com';
const bob = 'bob@example.com';
const ops = { channel: 'web', id: '#ops' };
const id = '0b0f1a52-6c68-4f0e-9d7c-5f0b6f2f7a01';

describe('web events', () => {
  let house: WebHarness;

  beforeEach(async () => {
    house = await startWeb();
  });
  afterEach(() => house.close());

  it('brings progress, messages and updates in the order they happened [C3, C6]', async () => {
    const stream = await openEvents(house.port, '#ops', alice);

    house.web.progress(ops, 'reading CloudWatch…');
    const ref = await house.web.post(ops, aMessage('first'));
    await house.web.update(ref, aMessage('second'));

    const events = await stream.count(3);
    expect(events.map(({ event }) => event)).to.deep.equal(['progress', 'message', 'message']);
    expect(events[0]?.data).to.deep.equal({ text: 'reading CloudWatch…' });
    expect(events[1]?.data).to.deep.include({ id: ref.message, revision: 1, view: aMessage('first') });
    expect(events[2]?.data).to.deep.include({ id: ref.message, revision: 2, view: aMessage('second') });
  });

  it('brings the answer before the call that asked for it returns', async () => {
    const answering = await startWeb({
      onTurn: async (turn, web) => {
        web.progress(turn.conversation, 'looking…');
        await web.post(turn.conversation, aMessage('found'));
        return answered;
      },
    });
    const stream = await openEvents(answering.port, 'me', alice);

    await answering.send({
      method: 'POST',
      path: '/api/turns',
      person: alice,
      body: { id, conversation: 'me', text: 'look' },
    });

    const events = await stream.count(3);
    expect(events.map(({ data }) => data.text ?? data.view)).to.deep.equal(['look', 'looking…', aMessage('found')]);
    await answering.close();
  });

  it('tells every browser of a conversation, and none of another', async () => {
    const first = await openEvents(house.port, '#ops', alice);
    const second = await openEvents(house.port, '#ops', bob);
    const own = await openEvents(house.port, 'me', alice);

    const ref = await house.web.post(ops, aMessage('one'));
    await house.web.update(ref, aMessage('two'));
    await house.web.post({ channel: 'web', id: `dm:${alice}` }, aMessage('yours'));

    const texts = [await first.count(2), await second.count(2), await own.count(1)];
    expect(texts[0]?.map(({ data }) => data.revision)).to.deep.equal([1, 2]);
    expect(texts[1]?.map(({ data }) => data.revision)).to.deep.equal([1, 2]);
    expect(own.seen.map(({ data }) => data.view)).to.deep.equal([aMessage('yours')]);
  });

  it('whispers to one person only, in the stream and when read later [C3]', async () => {
    const hers = await openEvents(house.port, '#ops', alice);
    const his = await openEvents(house.port, '#ops', bob);

    await house.web.whisper(ops, bob, aMessage('only for Bob'));
    await house.web.post(ops, aMessage('for all'));

    await Promise.all([his.count(2), hers.count(1)]);
    const path = '/api/conversations/%23ops/messages';
    const reads = await Promise.all([alice, bob].map(async (person) => (await house.send({ path, person })).text));
    expect(hers.seen.map(({ data }) => data.view)).to.deep.equal([aMessage('for all')]);
    expect(reads.map((text) => text.includes('only for Bob'))).to.deep.equal([false, true]);
  });

  it('whispers into the own conversation of the person when the place is private', async () => {
    await house.web.whisper({ channel: 'web', id: `dm:${alice}` }, bob, aMessage('psst'));

    const path = '/api/conversations/me/messages';
    const reads = await Promise.all([alice, bob].map(async (person) => (await house.send({ path, person })).text));
    expect(reads.map((text) => text.includes('psst'))).to.deep.equal([false, true]);
  });

  it('tells everybody when approvals change [C3, G15]', async () => {
    const streams = await Promise.all([openEvents(house.port, 'me', alice), openEvents(house.port, '#ops', bob)]);

    house.web.notifyApprovals();
    const ref = await house.web.post({ channel: 'web', id: `dm:${bob}` }, anApproval());
    await house.web.update(ref, anApproval({ state: 'rejected' }));

    const heard = await Promise.all(streams.map((stream) => stream.count(3)));
    expect(heard.flat().map(({ event }) => event)).to.deep.equal(Array(6).fill('approvals'));
  });

  it('shows the token of a proposal once, while it happens [G5]', async () => {
    const token = newApprovalToken();
    const stream = await openEvents(house.port, 'me', alice);

    await house.web.post({ channel: 'web', id: `dm:${alice}` }, anApproval({ token }));

    const [message] = await stream.count(1);
    expect(message?.data.view).to.have.property('token', token);
  });

  it('shows a token to nobody where others listen, whispered or posted [G5]', async () => {
    const token = newApprovalToken();
    const hers = await openEvents(house.port, '#ops', alice);
    const his = await openEvents(house.port, '#ops', bob);

    const ref = await house.web.post(ops, anApproval({ token }));
    await house.web.update(ref, anApproval({ token }));
    await house.web.whisper(ops, alice, anApproval({ token }));
    await house.web.post(ops, aMessage('the end'));

    // Each of the three cards is followed by word that approvals changed; the whisper itself is for Alice alone.
    const seen = await Promise.all([hers.count(7), his.count(6)]);
    expect(JSON.stringify(seen)).to.contain('the end').and.to.not.contain(token);
  });

  it('lets a browser that lost its connection catch up and go on', async () => {
    const before = await openEvents(house.port, '#ops', alice);
    await house.web.post(ops, aMessage('seen'));
    await before.count(1);
    before.close();
    await before.ended;
    await house.web.post(ops, aMessage('missed'));

    const after = await openEvents(house.port, '#ops', alice);
    const { json } = await house.send({ path: '/api/conversations/%23ops/messages', person: alice });
    await house.web.post(ops, aMessage('next'));

    const [next] = await after.count(1);
    expect(json.messages?.map(({ view }) => view)).to.deep.equal([aMessage('seen'), aMessage('missed')]);
    expect(next?.data.view).to.deep.equal(aMessage('next'));
  });

  it('keeps quiet connections alive with a comment every 20 s', async () => {
    const waits: number[] = [];
    const ticks: (() => void)[] = [];
    const sleep = (ms: number) => new Promise<void>((resolve) => ticks.push(resolve) && waits.push(ms));
    const clock: Clock = { now: () => 0, sleep };
    const timed = await startWeb({ clock });
    const stream = await openEvents(timed.port, 'me', alice);

    ticks[0]?.();
    await timed.web.post({ channel: 'web', id: `dm:${alice}` }, aMessage('x'));
    await stream.count(1);

    expect(waits[0]).to.equal(20_000);
    expect(stream.comments).to.have.length(1);
    stream.close();
    await timed.close();
  });

  it('drops a browser that reads too slowly, and goes on with the others', async () => {
    const slow = await openEvents(house.port, '#ops', alice);
    const quick = await openEvents(house.port, '#ops', bob);
    slow.pause();

    for (let n = 1; n <= 40; n++) {
      house.web.progress(ops, 'x'.repeat(500_000));
      await quick.count(n);
    }
    slow.resume();
    await slow.ended;

    expect(quick.seen).to.have.length(40);
    expect(slow.seen.length).to.be.lessThan(40);
  });

  it('opens 200 streams and asks the next one to wait', async () => {
    const streams = await Promise.all(Array.from({ length: 200 }, () => openEvents(house.port, 'me', alice)));

    const next = await openEvents(house.port, 'me', alice);
    streams[0]?.close();
    await streams[0]?.ended;
    const free = await openEvents(house.port, 'me', alice);

    expect(streams.every(({ status }) => status === 200)).to.equal(true);
    expect([next.status, free.status]).to.deep.equal([503, 200]);
  });
});
