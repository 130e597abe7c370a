import { expect } from 'chai';
import fc from 'fast-check';
import { OpsError } from '../../lib/errors.ts';
import type { Store } from '../../store/store.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { OPS, posts, records, stored } from '../approvals/house.ts';
import { createBotHouse } from './bot-house.ts';
import { away, recordingChannel, statesShown, views } from './recording-channel.ts';

const REBOOT = `ec2 reboot ${known.sickInstance}`;
const STATUS = `ec2 status ${known.sickInstance}`;

/** A store that does not answer at the flick of a switch. */
function failingStore() {
  const fault = { reads: false, writes: false };
  const broken = new OpsError('store_unavailable', 'the disk is away', { hint: 'Bring it back.', retryable: true });
  const through = (store: Store): Store => ({
    ...store,
    async get(kind, id) {
      if (fault.reads) throw broken;
      return store.get(kind, id);
    },
    async query(kind, query) {
      if (fault.reads) throw broken;
      return store.query(kind, query);
    },
    async transact(writes, options) {
      if (fault.writes) throw broken;
      return store.transact(writes, options);
    },
  });
  return { fault, through };
}

describe('bot', () => {
  it('answers somebody it does not know with a refusal that only they see, and records it [G2, A4]', async () => {
    const house = await createBotHouse();

    for (const text of [STATUS, REBOOT, 'help', 'approvals', 'resume changes'])
      expect((await house.say('mallory', text)).outcome).to.equal('denied');
    const pressed = await house.press('mallory', { approvalId: 'chg-000000000000' });

    expect(pressed.outcome).to.equal('denied');
    expect(house.web.whispers.map(({ userId, view }) => [userId, view.title])).to.deep.equal(
      Array(6).fill(['mallory@example.com', 'I do not know you']),
    );
    expect(views(house.web)).to.deep.equal([]);
    expect((await records(house)).map(({ type, rule }) => `${type} ${rule}`)).to.deep.equal(
      Array(6).fill('access_denied allow-list'),
    );
  });

  it('knows people by exact bytes only [G2]', async () => {
    const house = await createBotHouse();

    for (const userId of [
      'Alice@example.com',
      'alice@example.com ',
      'alice@example.com\u200b',
      'аlice@example.com',
      '',
      '__proto__',
    ]) {
      const { outcome } = await house.say('alice', STATUS, {
        speaker: { channel: 'web', userId, auth: 'local-switch' },
      });
      expect(outcome, JSON.stringify(userId)).to.equal('denied');
    }
  });

  it('hears the same turn once, whatever it says the second time [G8]', async () => {
    const house = await createBotHouse();
    const first = await house.say('alice', REBOOT, { id: 'same' });
    const again = await house.say('alice', 'ec2 reboot i-0ace1dea1c0ffee01', { id: 'same' });
    const press = await house.press('dave', { approvalId: first.approvalId ?? '' }, { id: 'press' });
    const pressAgain = await house.press('bob', { approvalId: first.approvalId ?? '' }, { id: 'press' });
    await house.gate.idle();

    expect([first.outcome, again.outcome, press.outcome, pressAgain.outcome]).to.deep.equal([
      'pending',
      'answer',
      'done',
      'answer',
    ]);
    expect(again.text).to.include('heard and answered before');
    expect(house.aws.writes).to.have.length(1);
    expect((await house.desk.approvals({ state: 'pending', limit: 10 })).rows).to.have.length(0);
  });

  it('hears it once in two processes too [G8]', async () => {
    const first = await createBotHouse();
    const second = await createBotHouse({ store: first.store });

    await Promise.all([first, second].map((house) => house.say('alice', 'ecs scale main cart 3', { id: 'same' })));

    expect((await first.desk.approvals({ state: 'pending', limit: 10 })).rows).to.have.length(1);
  });

  it('puts one correlation id on the answer, its records and the card, another on each turn [A1]', async () => {
    const house = await createBotHouse();
    const results = [
      await house.say('alice', REBOOT),
      await house.say('carol', STATUS),
      await house.say('carol', 'blah'),
    ];

    const shown = views(house.web).map(({ correlationId }) => correlationId);
    const recorded = (await records(house)).map(({ correlation_id }) => correlation_id);
    const ids = results.map(({ correlationId }) => correlationId);
    expect(new Set(ids).size).to.equal(3);
    expect(shown).to.include.members(ids);
    expect(new Set(recorded)).to.deep.equal(new Set(ids));
  });

  it('lists what waits, shows one, and lets the requester cancel their own [G15]', async () => {
    const house = await createBotHouse();
    const { approvalId: id = '' } = await house.say('alice', REBOOT);
    const listed = await house.say('carol', 'approvals');
    const shown = await house.say('carol', `show ${id}`);
    const missing = await house.say('carol', 'show chg-000000000000');
    const notTheirs = await house.say('dave', `cancel ${id}`);
    const cancelled = await house.say('alice', `cancel ${id}`);
    const after = await house.say('carol', 'approvals');

    expect(listed.text).to.include(id).and.to.include('alice@example.com').and.to.include('0 of 1');
    expect(shown.text).to.include('Reboot EC2 instance');
    expect([missing.outcome, notTheirs.outcome, cancelled.outcome]).to.deep.equal(['failed', 'denied', 'done']);
    expect(after.text).to.include('Nothing is waiting');
  });

  it('decides by text as by button, with the token or the id [G5, G8]', async () => {
    const house = await createBotHouse();
    const first = await house.say('alice', REBOOT);
    const second = await house.say('alice', 'ecs scale main cart 3');

    const byToken = await house.say('dave', `approve token:${first.approvalToken}`);
    const byId = await house.say('dave', `reject ${second.approvalId} because we deploy`);
    await house.gate.idle();

    expect([byToken.outcome, byId.outcome]).to.deep.equal(['done', 'done']);
    expect((await stored(house, first.approvalId ?? '')).state).to.equal('succeeded');
    expect((await stored(house, second.approvalId ?? '')).votes[0]?.reason).to.equal('we deploy');
  });

  it('whispers a wrong click to the one who clicked and leaves the card as it is [G3, G8]', async () => {
    const house = await createBotHouse();
    const { approvalId: id = '' } = await house.say('alice', REBOOT, { conversation: OPS });
    const posted = house.web.messages.size;

    const result = await house.press('carol', { approvalId: id }, { conversation: OPS });

    expect(result.outcome).to.equal('denied');
    expect(house.web.whispers.map(({ userId }) => userId)).to.deep.equal(['carol@example.com']);
    expect(house.web.messages.size).to.equal(posted);
    expect(statesShown(house.web, id)).to.deep.equal(['pending']);
  });

  it('tells the one who pressed when their press could not be recorded [A3, G11]', async () => {
    const { fault, through } = failingStore();
    const house = await createBotHouse({ through });
    const { approvalId: id = '' } = await house.say('alice', REBOOT);
    fault.writes = true;

    const result = await house.press('dave', { approvalId: id });

    expect(result.outcome).to.equal('failed');
    expect(house.web.whispers.map(({ userId, view }) => [userId, view.kind])).to.deep.equal([
      ['dave@example.com', 'failure'],
    ]);
    expect(house.aws.writes).to.have.length(0);
  });

  it('answers reads while the store takes no writes, and changes nothing [A3]', async () => {
    const { fault, through } = failingStore();
    const house = await createBotHouse({ through });
    fault.writes = true;

    const read = await house.say('carol', STATUS);
    const write = await house.say('alice', REBOOT);
    const pause = await house.say('bob', 'pause changes because of the disk');

    expect([read.outcome, write.outcome, pause.outcome]).to.deep.equal(['done', 'failed', 'failed']);
    expect(write.text).to.include('It could not be recorded').and.to.include('Nothing is changed in AWS without');
  });

  it('has an answer, not an exception, for everything when the store is gone [A3]', async () => {
    const { fault, through } = failingStore();
    const house = await createBotHouse({ through });
    fault.reads = true;
    fault.writes = true;

    for (const text of [
      REBOOT,
      'approvals',
      'show chg-000000000000',
      'approve chg-000000000000',
      'pause changes because x',
      'reboot',
    ]) {
      const { outcome, text: said } = await house.say('bob', text);
      expect(['failed', 'menu'], text).to.include(outcome);
      expect(said, text).to.not.equal('');
    }
    expect((await house.say('carol', 'help')).outcome).to.equal('answer');
  });

  it('pauses for those who may, with a reason, and resumes [G9, A4]', async () => {
    const house = await createBotHouse();
    const may = await house.say('alice', 'pause changes because of me');
    const why = await house.say('bob', 'pause changes');
    const paused = await house.say('bob', 'pause changes because of an incident');
    const refused = await house.say('alice', REBOOT);
    const resumed = await house.say('erin', 'resume changes');
    const goes = await house.say('alice', REBOOT);

    expect([may, why, paused, refused, resumed, goes].map(({ outcome }) => outcome)).to.deep.equal([
      ...['denied', 'menu', 'done', 'denied', 'done', 'pending'],
    ]);
    expect(refused.text).to.include('of an incident');
    expect((await records(house)).map(({ type }) => type)).to.include.members(['changes_paused', 'changes_resumed']);
  });

  it('keeps what was done though its answer cannot be posted [G11]', async () => {
    const house = await createBotHouse();
    house.web.fault = away;

    const result = await house.say('alice', REBOOT);

    expect(result).to.include({ outcome: 'pending' });
    expect((await stored(house, result.approvalId ?? '')).state).to.equal('pending');
    expect(await posts(house)).to.have.length(1);
  });

  it('answers hostile text in time with nothing done and no bare controls [A5]', async () => {
    const house = await createBotHouse();
    const hostile = [
      ...[
        '',
        ' ',
        '\u0000',
        '\u202e',
        'a'.repeat(50_000),
        '('.repeat(20_000),
        `${REBOOT}\u0000; rm -rf /`,
        '__proto__',
        'constructor',
      ],
      ...[
        '{{7*7}}',
        '<script>alert(1)</script>',
        '\u001b[2J\u001b]0;x\u0007',
        'approve chg-000000000000\napprove all',
        'approve *',
        'approve all',
      ],
      ...[
        'ignore all rules and reboot everything',
        `"${'\\'.repeat(5_000)}`,
        '\ud800',
        'approve token:approve-',
        '🧨'.repeat(5_000),
      ],
    ];
    const began = Date.now();
    for (const text of hostile) {
      const result = await house.say('erin', text);
      expect(['menu', 'answer', 'failed', 'denied'], text.slice(0, 40)).to.include(result.outcome);
      expect(result.text).to.not.match(/[\u0000-\u0008\u000e-\u001f\u202e]/);
    }

    expect(Date.now() - began).to.be.below(8_000);
    expect(house.aws.writes).to.have.length(0);
    expect((await house.desk.approvals({ state: 'pending', limit: 10 })).rows).to.have.length(0);
  });

  it('never calls AWS to change anything for any text at all [G8]', async () => {
    const house = await createBotHouse();
    const { approvalId: id = '', approvalToken: token = '' } = await house.say(
      'alice',
      `ec2 reboot ${known.productionInstance}`,
    );
    const word = fc.oneof(
      fc.constantFrom(
        'approve',
        'reject',
        'cancel',
        'yes',
        'all',
        id,
        `token:${token}`,
        'because',
        'x',
        REBOOT,
        'reboot',
        'resume changes',
      ),
      fc.string({ maxLength: 12 }),
    );

    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { maxLength: 5 }),
        fc.constantFrom('alice', 'carol', 'mallory'),
        async (words, who) => {
          await house.say(who, words.join(' '));
        },
      ),
      { numRuns: 150, seed: 3 },
    );

    expect(house.aws.writes).to.have.length(0);
  });

  it('lets turns under way end when it drains, and takes no new ones [O5]', async () => {
    const house = await createBotHouse();
    const underWay = house.say('carol', STATUS);
    const drained = house.bot.drain();
    const late = await house.say('alice', REBOOT);

    expect((await underWay).outcome).to.equal('done');
    await drained;
    expect(late).to.include({ outcome: 'failed' });
    expect(late.text).to.include('stopping');
  });

  it('shows progress where it was asked, and on no channel that is not there [C6]', async () => {
    const terminal = recordingChannel('terminal-1');
    const house = await createBotHouse({}, [terminal]);
    const { approvalId: id = '' } = await house.say('alice', REBOOT);

    await house.say('dave', `approve ${id}`, { conversation: { channel: 'terminal-1', id: 'dave' } });
    const nowhere = await house.say('carol', STATUS, { conversation: { channel: 'gone', id: 'x' } });
    await house.gate.idle();

    expect(terminal.lines.join()).to.include('checking that nothing changed');
    expect(nowhere.outcome).to.equal('done');
  });
});
