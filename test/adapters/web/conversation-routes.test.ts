import { expect } from 'chai';
import { newApprovalToken } from '../../../lib/ids.ts';
import { aMessage, anApproval } from '../views.ts';
import { answered, startWeb, type WebHarness } from './web-harness.ts';

const alice = 'alice@example.com';
const bob = 'bob@example.com';
const digest = 'ab'.repeat(32);
const uuid = (last: number) => `0b0f1a52-6c68-4f0e-9d7c-${String(last).padStart(12, '0')}`;

describe('web conversations', () => {
  let house: WebHarness;

  beforeEach(async () => {
    house = await startWeb();
  });
  afterEach(() => house.close());

  const say = (id: string, text: string, conversation = 'me', person = alice) =>
    house.send({ method: 'POST', path: '/api/turns', person, body: { id, conversation, text } });
  const read = async (conversation: string, person = alice, query = '') => {
    const { json } = await house.send({ path: `/api/conversations/${conversation}/messages${query}`, person });
    return json.messages ?? [];
  };

  it('hands a sentence to the bot as a turn of its speaker and answers with the result [C3]', async () => {
    const answer = await say(uuid(1), 'list ec2 instances');

    const [turn] = house.turns;
    expect(answer.json).to.deep.equal(answered);
    expect(turn).to.deep.include({
      origin: 'message',
      text: 'list ec2 instances',
      speaker: { channel: 'web', userId: alice, auth: 'local-switch' },
      conversation: { channel: 'web', id: 'dm:alice@example.com' },
    });
    expect(turn).not.to.have.property('decision');
  });

  it('hands a press to the bot with nothing but its ids and the reason [C3]', async () => {
    const decision = { verdict: 'reject', approvalId: 'apr-1', digest, reason: 'wrong instance' };

    await house.send({
      method: 'POST',
      path: '/api/turns',
      person: bob,
      body: { id: uuid(2), conversation: '#ops', decision },
    });

    const [turn] = house.turns;
    expect(turn).to.deep.include({ origin: 'button', text: '', decision });
    expect(turn?.conversation).to.deep.equal({ channel: 'web', id: '#ops' });
  });

  it('refuses a press that brings more than ids', async () => {
    const decision = { verdict: 'approve', approvalId: 'apr-1', digest, risk: 'low' };

    const answer = await house.send({
      method: 'POST',
      path: '/api/turns',
      person: bob,
      body: { id: uuid(3), conversation: 'me', decision },
    });

    expect(answer.status).to.equal(400);
    expect(answer.json.message).to.contain('decision');
  });

  it('gives a repeated id the same turn id and keeps what was said once', async () => {
    await Promise.all([say(uuid(4), 'help'), say(uuid(4), 'help')]);

    const messages = await read('me');
    expect(house.turns.map(({ id }) => id)).to.have.length(2);
    expect(new Set(house.turns.map(({ id }) => id)).size).to.equal(1);
    expect(messages.map(({ text }) => text)).to.deep.equal(['help']);
  });

  it('keeps the same id of two people apart', async () => {
    await say(uuid(5), 'help', '#ops', alice);
    await say(uuid(5), 'help', '#ops', bob);

    const messages = await read('%23ops');
    expect(new Set(house.turns.map(({ id }) => id)).size).to.equal(2);
    expect(messages.map(({ person }) => person?.name)).to.deep.equal(['Alice', 'Bob']);
    expect(JSON.stringify(messages)).not.to.contain(uuid(5));
  });

  it('shows what was said and answered, oldest first, with view, card and summary [C3]', async () => {
    await say(uuid(6), 'help');
    await house.web.post({ channel: 'web', id: 'dm:alice@example.com' }, aMessage('two instances'));

    const [said, reply] = await read('me');

    expect(said).to.deep.include({ from: 'person', text: 'help', person: { id: alice, name: 'Alice' }, revision: 1 });
    expect(reply).to.include({ from: 'opsagent', revision: 1 });
    expect(reply?.view).to.deep.equal(aMessage('two instances'));
    expect(reply?.card).to.have.property('type', 'AdaptiveCard');
    expect(reply?.summary).to.contain('two instances');
  });

  it('gives the newest messages when asked for a few', async () => {
    for (const n of [1, 2, 3]) await house.web.post({ channel: 'web', id: '#ops' }, aMessage(`number ${n}`));

    const messages = await read('%23ops', bob, '?limit=2');

    expect(messages.map(({ view }) => view)).to.deep.equal([aMessage('number 2'), aMessage('number 3')]);
  });

  for (const query of ['?limit=0', '?limit=201', '?limit=ten', '?colour=red']) {
    it(`refuses the query ${query}`, async () => {
      const answer = await house.send({ path: `/api/conversations/me/messages${query}`, person: alice });

      expect(answer.status).to.equal(400);
    });
  }

  it('raises the revision with every update and keeps the place', async () => {
    const ref = await house.web.post({ channel: 'web', id: '#ops' }, anApproval());
    await house.web.post({ channel: 'web', id: '#ops' }, aMessage('later'));

    await house.web.update(ref, anApproval({ state: 'approved' }));
    await house.web.update(ref, anApproval({ state: 'succeeded' }));

    const [card, later] = await read('%23ops');
    expect(card).to.include({ id: ref.message, revision: 3 });
    expect(card?.view).to.include({ state: 'succeeded' });
    expect(later?.view).to.deep.equal(aMessage('later'));
  });

  it('loses no update when several come at once', async () => {
    const ref = await house.web.post({ channel: 'web', id: '#ops' }, aMessage('0'));

    await Promise.all([1, 2, 3].map((n) => house.web.update(ref, aMessage(`${n}`))));

    const [message] = await read('%23ops');
    expect(message?.revision).to.equal(4);
  });

  it('says that a message which is gone cannot be updated, and not to try again', async () => {
    const gone = { channel: 'web', conversation: '#ops', message: 'msg-none' };

    const thrown: unknown = await house.web.update(gone, aMessage('x')).catch((error: unknown) => error);

    expect(thrown).to.include({ code: 'delivery_failed', retryable: false });
  });

  it('keeps no approval token: not a typed one, not the one on the card [A5, G5]', async () => {
    const token = newApprovalToken();
    await say(uuid(7), `approve token:${token}`);
    await house.web.post({ channel: 'web', id: 'dm:alice@example.com' }, anApproval({ token }));

    const messages = await read('me');

    expect(house.turns[0]?.text).to.equal(`approve token:${token}`);
    expect(messages).to.have.length(2);
    expect(JSON.stringify(messages)).not.to.contain(token);
  });

  it('shows and keeps what was typed without what no reader sees, its lines as they were [A5]', async () => {
    await say(uuid(8), 'first\u202e line\u0007\n\u200bsecond \u001b[31mline');

    const [said] = await read('me');

    expect(said?.text).to.equal('first line\nsecond line');
  });

  it('cleans the reason of a decision before anybody reads it [G7]', async () => {
    const decision = { verdict: 'reject', approvalId: 'apr-1', digest, reason: 'not\u202e now\u0000' };

    await house.send({
      method: 'POST',
      path: '/api/turns',
      person: bob,
      body: { id: uuid(9), conversation: 'me', decision },
    });

    expect(house.turns[0]?.decision?.reason).to.equal('not now');
  });

  it('lets the bot hear a text whole up to the cap of a request, and shows its beginning', async () => {
    const long = 'é'.repeat(50_000);

    const answer = await say(uuid(10), long);

    const [said] = await read('me');
    expect(answer.status).to.equal(200);
    expect(house.turns[0]?.text).to.equal(long);
    expect(said?.text).to.match(/^é{7999}…$/);
  });
});
