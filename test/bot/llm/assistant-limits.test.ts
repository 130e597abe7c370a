import { expect } from 'chai';
import { auditKind, CHAIN } from '../../../approvals/audit-record.ts';
import { OpsError } from '../../../lib/errors.ts';
import { known } from '../../../tools/aws/simulated/known.ts';
import { type BotHouse, createBotHouse } from '../bot-house.ts';
import { views } from '../recording-channel.ts';
import { calls, type ScriptedModel, scriptedModel, words } from './scripted-model.ts';

const SICK = known.sickInstance;

describe('what a model may not do in a turn', () => {
  const houseWith = (model: ScriptedModel, options: Parameters<typeof createBotHouse>[0] = {}) =>
    createBotHouse({ ...options, model });
  const records = async ({ store }: BotHouse, type: string) => {
    const page = await store.query(auditKind, { index: 'by_chain', partition: CHAIN, limit: 200 });
    return page.rows.map(({ value }) => value).filter((record) => record.type === type);
  };

  it('stops a model that never stops, with what was read so far [L6]', async () => {
    const model = scriptedModel(() => calls(['list_alarms', {}]));
    const house = await houseWith(model);

    const result = await house.say('alice', 'keep looking around for me until you drop');

    expect(model.requests).to.have.length(8);
    expect(result.outcome).to.equal('failed');
    expect(result.text).to.include('8 steps');
  });

  it('runs none of a thousand calls in one reply [L6]', async () => {
    const many = Array.from({ length: 1000 }, (): [string, unknown] => ['list_alarms', {}]);
    const house = await houseWith(scriptedModel(calls(...many)));

    const result = await house.say('alice', 'look at simply everything there is for me');

    expect(result.text).to.include('more than 24 calls');
    expect(await records(house, 'tool_call_executed')).to.have.length(0);
  });

  it('leaves a person whose day is used up to the phrases [L6]', async () => {
    const model = scriptedModel(words('A dear answer.'));
    const house = await houseWith(model, { settings: { model: { usd_per_person_day: 0.01 } } });
    await house.say('alice', 'tell me about our account in general terms');
    await house.say('alice', 'tell me about our account in other terms');
    await house.say('alice', 'tell me about our account once more please');
    await house.say('alice', 'tell me about our account a last time please');

    const result = await house.say('alice', `hey, reboot ${SICK} now`);

    expect(result).to.include({ outcome: 'pending', understoodBy: 'phrases' });
    expect(result.text).to.include('a person and day may cost $0.01');
    expect(model.requests.length).to.be.lessThan(5);
  });

  it('posts nothing that nobody asked for: a person presses first [T8]', async () => {
    const post: [string, unknown] = [
      'post_summary_to_channel',
      { text: 'All fine, see https://evil.example/x', channel: '#ops' },
    ];
    const model = scriptedModel(calls(post));
    const house = await houseWith(model);

    const result = await house.say('alice', 'what would you say about the alarms we have');
    await house.settle();

    expect(result.outcome).to.equal('menu');
    const [question] = views(house.web);
    expect(question).to.include({ kind: 'question' });
    expect(JSON.stringify(question)).to.not.include('evil.example');
    expect(views(house.web)).to.have.length(1);

    const press = question?.actions?.[0];
    const pressed = await house.say('alice', press?.kind === 'say' ? press.text : '');

    expect(pressed).to.include({ outcome: 'done', understoodBy: 'grammar' });
  });

  it('posts at once just what the person wrote, where they said, and nothing that it changes [T8]', async () => {
    const asked = 'please post "web-2 is back" to #ops';
    const ends = [];
    for (const input of [
      { text: 'web-2 is back', channel: '#ops' },
      { text: 'Security: send your password to Mallory', channel: '#ops' },
      { text: 'web-2 is back', channel: '#incidents' },
      { text: 'web-2 is back' },
    ]) {
      const house = await houseWith(scriptedModel(calls(['post_summary_to_channel', input])));
      ends.push((await house.say('alice', asked)).outcome);
    }

    expect(ends).to.deep.equal(['done', 'menu', 'menu', 'menu']);
  });

  it('opens no other incident than the one that was asked for [T7, L2]', async () => {
    const made = calls(['create_incident_record', { summary: 'All is lost', severity: 'critical' }]);
    const house = await houseWith(scriptedModel(made));

    const result = await house.say('alice', 'could you please open a low incident "checkout answers slowly"');

    expect(result.outcome).to.equal('menu');
  });

  it('shows the card of a change beside a question, and says what it did not do [L2]', async () => {
    const model = scriptedModel(
      calls(
        ['list_alarms', {}],
        ['reboot_ec2', { instance_id: SICK }],
        ['reboot_ec2', { instance_id: 'i-0123456789abcdef0' }],
        ['post_summary_to_channel', { text: 'We reboot it.', channel: '#ops' }],
        ['terminate_ec2', { instance_id: SICK }],
      ),
    );
    const house = await houseWith(model);

    const result = await house.say('alice', `would you get ${SICK} and its neighbour rebooted and tell them`);

    const shown = views(house.web);
    expect(result).to.include({ outcome: 'pending', tool: 'reboot_ec2' });
    expect(shown.map(({ kind }) => kind)).to.deep.equal(['table', 'approval', 'message']);
    const last = JSON.stringify(shown.at(-1));
    for (const word of ['i-0123456789abcdef0', 'Post to channel', 'terminate_ec2']) expect(last).to.include(word);
    await house.settle();
    await house.press('bob', { approvalId: result.approvalId ?? '', verdict: 'reject', reason: 'no' });
    await house.settle();
    expect(views(house.web)[1]).to.include({ state: 'rejected' });
  });

  for (const text of [
    `no need to reboot ${SICK}`,
    `no reboot of ${SICK} please`,
    `no one should reboot ${SICK}`,
    `no reason to reboot ${SICK}`,
    `do not reboot ${SICK}`,
  ])
    it(`proposes nothing for "${text}", whatever the model makes of it [L2]`, async () => {
      const house = await houseWith(scriptedModel(calls(['reboot_ec2', { instance_id: SICK }]), words('I leave it.')));

      await house.say('alice', text);

      expect((await house.desk.approvals({ state: 'pending', limit: 5 })).rows).to.have.length(0);
    });

  it('tells the model no token and no key that somebody writes, and shows none to approvers [L2, A5]', async () => {
    const token = `approve-${'Zm9v'.repeat(10)}Zm9`;
    const model = scriptedModel(calls(['reboot_ec2', { instance_id: SICK }]));
    const house = await houseWith(model);

    const said = `was ${token} pressed, and is password=hunter2hunter2 right? please have ${SICK} rebooted for me`;
    await house.say('alice', said);

    const everything = JSON.stringify([model.requests, views(house.web)]);
    expect(everything).to.not.include(token).and.to.not.include('hunter2hunter2');
  });

  it('answers three questions of a person at once, and leaves more of them to the phrases [L6]', async () => {
    const gate = Promise.withResolvers<void>();
    const model = scriptedModel(words('Well.'));
    const { reply } = model;
    model.reply = async (request) => {
      await gate.promise;
      return reply(request);
    };
    const house = await houseWith(model);
    const asked = Array.from({ length: 5 }, (_, n) =>
      house.say('alice', `what do you make of number ${n} of our boxes`, {
        conversation: { channel: 'web', id: `@a${n}` },
      }),
    );
    const quick = await Promise.any(asked);
    gate.resolve();

    const all = await Promise.all(asked);

    expect(quick.text).to.include('3 of your questions are being answered');
    expect(all.filter(({ understoodBy }) => understoodBy === 'model')).to.have.length(3);
  });

  it('leaves reads to the phrases, and asks no model, while the store does not answer [A3, L4]', async () => {
    const model = scriptedModel(words('never asked'));
    const gone = () => {
      throw new OpsError('store_unavailable', 'the disk is away', { hint: 'Repair it.', retryable: true });
    };
    const house = await createBotHouse({ model, through: (store) => ({ ...store, get: gone, transact: gone }) });

    const result = await house.say('alice', 'show me which alarms are firing right now');

    expect(result).to.include({ outcome: 'done', understoodBy: 'phrases' });
    expect(result.text).to.include('The model was not asked: the store does not answer.');
    expect(model.requests).to.have.length(0);
  });

  it('counts what a vendor will bill although there was no answer [L6]', async () => {
    const cut = new OpsError('model_unavailable', 'cut', { hint: 'Again.', retryable: true, facts: { why: 'cut' } });
    const house = await houseWith(scriptedModel(cut));

    await house.say('alice', 'what would you say about our estate in general');

    expect((await records(house, 'model_replied'))[0]?.model?.input_tokens).to.be.greaterThan(20);
  });

  it('keeps in mind nothing that was shown to one person elsewhere [L1]', async () => {
    const model = scriptedModel(words('Well.'));
    const house = await houseWith(model);
    const { post } = house.web;
    house.web.post = async (to, view) => ({ ...(await post.call(house.web, to, view)), conversation: 'a direct chat' });
    await house.say('alice', `ec2 status ${SICK}`);
    house.web.post = post;

    await house.say('alice', 'what have we seen so far, would you say');

    expect(JSON.stringify(model.requests[0]?.messages)).to.not.include('impaired');
  });

  it('shows the answer although a card before it cannot be posted [C6]', async () => {
    const house = await houseWith(scriptedModel(calls(['list_alarms', {}]), words('Two alarms ring.')));
    const { post } = house.web;
    house.web.post = async (to, view) => {
      if (view.kind === 'table') throw new OpsError('delivery_failed', 'too much', { hint: 'Less.' });
      return post.call(house.web, to, view);
    };

    await house.say('alice', 'anything that rings here, would you say');

    expect(views(house.web).map(({ kind }) => kind)).to.deep.equal(['message']);
  });

  it('proposes nothing while a file that the model or a tool hangs on was changed on disk [L2]', async () => {
    const house = await houseWith(scriptedModel(calls(['reboot_ec2', { instance_id: SICK }])));
    house.parts.changedSource = () => 'bot/llm/prompt.md';

    const result = await house.say('alice', `would you get ${SICK} rebooted please, thanks`);

    expect(result.outcome).to.equal('denied');
    expect(result.text).to.include('bot/llm/prompt.md was changed on disk');
  });
});

/** The request is on record, so the model is being asked. */
async function _isAsked({ store }: BotHouse): Promise<boolean> {
  const page = await store.query(auditKind, { index: 'by_chain', partition: CHAIN, limit: 1 });
  return page.rows.length > 0;
}

function _never(): never {
  throw new Error('the model was not asked');
}
