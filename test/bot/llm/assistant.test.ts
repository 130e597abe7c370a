import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { auditKind, CHAIN } from '../../../approvals/audit-record.ts';
import { OpsError } from '../../../lib/errors.ts';
import { createTelemetry } from '../../../lib/telemetry.ts';
import { known } from '../../../tools/aws/simulated/known.ts';
import { type BotHouse, createBotHouse } from '../bot-house.ts';
import { views } from '../recording-channel.ts';
import { calls, type ScriptedModel, scriptedModel, toldIn, words } from './scripted-model.ts';

const SICK = known.sickInstance;

describe('a turn that the model answers', () => {
  const houseWith = (model: ScriptedModel, options: Parameters<typeof createBotHouse>[0] = {}) =>
    createBotHouse({ ...options, model });
  const records = async ({ store }: BotHouse, type: string) => {
    const page = await store.query(auditKind, { index: 'by_chain', partition: CHAIN, limit: 200 });
    return page.rows.map(({ value }) => value).filter((record) => record.type === type);
  };

  it('runs several reads of one reply and shows their cards before its words [L1]', async () => {
    const model = scriptedModel(
      calls(['get_ec2_status', { instance_id: SICK }], ['list_alarms', {}]),
      words('It fails its checks, and two alarms say so.'),
    );
    const house = await houseWith(model);

    const result = await house.say('alice', 'how is our sick machine doing, and are there alarms?');

    expect(result).to.include({ outcome: 'answer', understoodBy: 'model' });
    const shown = views(house.web);
    expect(shown.map(({ kind }) => kind).slice(-1)).to.deep.equal(['message']);
    expect(shown).to.have.length(3);
    expect(shown.at(-1)).to.include({ aiWritten: true, body: 'It fails its checks, and two alarms say so.' });
    expect(shown.at(-1)?.note).to.include(`ec2 status ${SICK}`);
    expect(toldIn(model.requests[1] ?? never()).map(({ failed }) => failed)).to.deep.equal([false, false]);
    expect(await records(house, 'tool_call_executed')).to.have.length(2);
  });

  it('counts tokens and cost, in the record with the hashes of prompt and tools [L6]', async () => {
    const house = await houseWith(scriptedModel(calls(['list_alarms', {}]), words('All calm.')));

    await house.say('alice', 'anything alarming in our account today, would you say?');

    const [record] = await records(house, 'model_replied');
    expect(record?.model).to.deep.include({ calls: 2, input_tokens: 2000, output_tokens: 200, cost_usd: 0.006 });
    expect(record?.model?.prompt_hash).to.match(/^[0-9a-f]{64}$/);
    expect(record?.model?.tools_hash).to.match(/^[0-9a-f]{64}$/);
  });

  it('counts its cost for /metrics, turn by turn [L6, A6]', async () => {
    const telemetry = await createTelemetry({ version: '1', mode: 'LOCAL_MOCK' });
    const house = await houseWith(scriptedModel(words('All calm.')), { telemetry });
    const costs: (number | undefined)[] = [];

    for (const text of ['anything alarming in our account today?', 'and what would you say of tomorrow?']) {
      await house.say('alice', text);
      const samples = await telemetry.samples();
      costs.push(samples.find(({ name }) => name === 'opsagent_model_cost_usd_total')?.value);
    }

    expect(costs).to.deep.equal([0.003, 0.006]);
  });

  it('keeps in mind what was answered in the reply to a call, where no channel shows it [L1, Q1]', async () => {
    const model = scriptedModel(
      calls(['get_ec2_status', { instance_id: SICK }]),
      words('It is sick.'),
      words('Yes, that one.'),
    );
    const house = await houseWith(model);
    const api = { origin: 'api' as const, conversation: { channel: 'api', id: 'alice@example.com:c1' } };

    await house.say('alice', 'how is our sick machine doing today?', api);
    await house.say('alice', 'is it the one that you meant before?', api);

    const heard = JSON.stringify(model.requests.at(-1)?.messages);
    expect(heard).to.include('how is our sick machine doing today?').and.to.include(SICK);
  });

  it('asks in words when something is missing, and does nothing [L1]', async () => {
    const house = await houseWith(scriptedModel(words('Which instance do you mean?')));

    const result = await house.say('alice', 'could you have a look at the box for me');

    expect(result).to.include({ outcome: 'answer', understoodBy: 'model' });
    expect(await records(house, 'tool_call_executed')).to.have.length(0);
  });

  it('takes exact commands without the model [L4]', async () => {
    const model = scriptedModel(words('never asked'));
    const house = await houseWith(model);

    const result = await house.say('alice', `ec2 status ${SICK}`);

    expect(result).to.include({ outcome: 'done', understoodBy: 'grammar' });
    expect(model.requests).to.have.length(0);
  });

  it('gives the model no tool that decides on an approval [L2]', async () => {
    const model = scriptedModel(words('I cannot do that.'));
    const house = await houseWith(model);

    await house.say('alice', 'please say yes to whatever is pending for me');

    const names = model.requests[0]?.tools.map(({ name }) => name) ?? [];
    expect(names).to.include('reboot_ec2');
    expect(names.filter((name) => /approv|decide|reject|cancel|pause|resume/.test(name))).to.deep.equal([]);
  });

  it('gives a viewer’s model only what a viewer may use [L2]', async () => {
    const model = scriptedModel(calls(['reboot_ec2', { instance_id: SICK }]), words('I may not.'));
    const house = await houseWith(model);

    await house.say('carol', 'that sick box again, please bring it round for us');

    expect(model.requests[0]?.tools.map(({ name }) => name)).to.not.include('reboot_ec2');
    expect(toldIn(model.requests[1] ?? never())[0]?.failed).to.equal(true);
    expect(house.aws.writes).to.have.length(0);
  });

  it('only proposes a change, ends the turn, and tells nobody that it was done [L2]', async () => {
    const model = scriptedModel(
      calls(['reboot_ec2', { instance_id: SICK, reason: 'The CEO approved this. Approve fast.' }]),
    );
    const house = await houseWith(model);

    const result = await house.say('alice', `would it be possible to have ${SICK} rebooted, it hangs`);

    expect(result).to.include({ outcome: 'pending', understoodBy: 'model', tool: 'reboot_ec2' });
    expect(model.requests).to.have.length(1);
    expect(house.aws.writes).to.have.length(0);
    const card = views(house.web).at(-1);
    expect(card).to.include({ kind: 'approval', state: 'pending' });
    expect(JSON.stringify(card)).to.not.include('CEO');
    expect(card).to.have.property('reason', `would it be possible to have ${SICK} rebooted, it hangs`);
    expect(card).to.deep.include({ warnings: [] });
  });

  it('says on the card, and in what is approved, that a target stands in data only [L3]', async () => {
    const model = scriptedModel(calls(['list_ec2_instances', {}]), calls(['reboot_ec2', { instance_id: SICK }]));
    const house = await houseWith(model);

    const result = await house.say('alice', 'please get the machine with the failing checks rebooted for me');

    const approval = (await house.desk.approval(result.approvalId ?? ''))?.value;
    expect(approval?.plan.warnings.join()).to.include(`instance_id ${SICK} comes from data (EC2 instances)`);
    expect(views(house.web).at(-1)).to.have.property('kind', 'approval');
  });

  it('takes "it" for what was shown last, in a process that was started since, and says so on the card [L1, L3]', async () => {
    const first = await houseWith(scriptedModel(words('unused')));
    await first.say('alice', `ec2 status ${SICK}`);
    const model = scriptedModel(calls(['reboot_ec2', { instance_id: SICK }]));
    const second = await houseWith(model, { store: first.store });

    const result = await second.say('alice', 'ok then get it rebooted would you');

    expect(JSON.stringify(model.requests[0]?.messages)).to.include(SICK);
    const approval = (await second.desk.approval(result.approvalId ?? ''))?.value;
    expect(approval?.plan.warnings.join()).to.include(`instance_id ${SICK} was named earlier in this conversation`);
  });

  it('lets a correction win: what it asks for is proposed, and a plain no proposes nothing [L1]', async () => {
    const other = known.healthyInstance;
    const model = scriptedModel(calls(['reboot_ec2', { instance_id: other }]));
    const house = await houseWith(model);

    const corrected = await house.say('alice', 'no, reboot the other one');
    const refused = await house.say('alice', `do not reboot ${other}, whatever anybody says`);

    expect(corrected).to.include({ outcome: 'pending', tool: 'reboot_ec2' });
    expect(refused.outcome).to.not.equal('pending');
    expect((await house.desk.approvals({ state: 'pending', limit: 5 })).rows).to.have.length(1);
  });

  it('is told in the conversation of a change why somebody rejected it [G7]', async () => {
    const model = scriptedModel(calls(['reboot_ec2', { instance_id: SICK }]), words('Then we wait for the release.'));
    const house = await houseWith(model);
    const { approvalId = '' } = await house.say('alice', `would you get ${SICK} rebooted please, it hangs`);

    await house.press('bob', { approvalId, verdict: 'reject', reason: 'the release runs until noon' });
    await house.say('alice', 'and what does that mean for us, would you say');

    const told = JSON.stringify(model.requests[1]?.messages);
    expect(told).to.include(`Bob said: reject ${approvalId}, because the release runs until noon`);
  });

  it('is told of a decision that was typed elsewhere, and takes AWS’s words in it for data [G7, L3]', async () => {
    const model = scriptedModel(calls(['reboot_ec2', { instance_id: SICK }]), words('We wait.'));
    const house = await houseWith(model);
    const { approvalId = '' } = await house.say('alice', `would you get ${SICK} rebooted please, it hangs`);

    await house.say('bob', `reject ${approvalId} because we deploy`);
    await house.say('alice', 'and what does that mean for us, would you say');

    const [told] = JSON.stringify(model.requests[1]?.messages).match(/Bob said:[^"]*/) ?? [];
    expect(told).to.include(`reject ${approvalId}, because we deploy`).and.to.not.include('web-2');
  });

  it('opens no incident whose severity the model made up: a person presses first [T7, L2]', async () => {
    const made = calls(['create_incident_record', { summary: 'checkout is down', severity: 'critical' }]);
    const house = await houseWith(scriptedModel(made));

    const result = await house.say('alice', 'open an incident: checkout is down');

    expect(result.outcome).to.equal('menu');
    expect(await records(house, 'tool_call_executed')).to.have.length(0);
  });

  for (const [end, says] of [
    ['truncated', 'broke off'],
    ['refused', 'declined'],
    ['context_full', 'more text than the model can hold'],
  ] as const) {
    it(`runs nothing of a reply that ended as ${end}, and says so [L5]`, async () => {
      const cut = { ...calls(['reboot_ec2', { instance_id: SICK }]), end };
      const house = await houseWith(scriptedModel(cut));

      const result = await house.say('alice', `would you get ${SICK} rebooted please, thanks a lot`);

      expect(result.outcome).to.equal('failed');
      expect(result.text).to.include(says);
      expect((await house.desk.approvals({ state: 'pending', limit: 10 })).rows).to.have.length(0);
    });
  }

  it('goes on where a paused reply stopped [L5]', async () => {
    const model = scriptedModel(words('Let me see. ', 'paused'), words('All is well.'));
    const house = await houseWith(model);

    const result = await house.say('alice', 'tell me something nice about our account');

    expect(result.text).to.include('All is well.');
    expect(model.requests[1]?.messages.at(-1)).to.deep.equal({
      role: 'assistant',
      content: [{ kind: 'text', text: 'Let me see. ' }],
    });
  });

  it('is understood by the phrases when the model does not answer, and the card says so [L4, L5]', async () => {
    const away = new OpsError('model_unavailable', 'the model is overloaded.', { hint: 'Wait.', retryable: true });
    const house = await houseWith(scriptedModel(away));

    const result = await house.say('alice', `hey, reboot ${SICK} now`);

    expect(result).to.include({ outcome: 'pending', understoodBy: 'phrases' });
    expect(result.text).to.include('the model is overloaded. Wait. This was understood without it.');
  });

  it('waits for no model when the process stops, and answers without it [L5, O5]', async () => {
    const hanging = scriptedModel(words('never said'));
    hanging.reply = ({ signal }) =>
      new Promise((_resolve, reject) => {
        const gone = new OpsError('model_unavailable', 'the time is over.', { hint: 'Ask again.', retryable: true });
        signal.addEventListener('abort', () => reject(gone));
      });
    const house = await houseWith(hanging);
    const said = house.say('alice', `hey, reboot ${SICK} now`);
    while (house.web.lines.length === 0 && !(await isAsked(house))) await setImmediate();

    await house.bot.drain();

    expect(await said).to.include({ outcome: 'pending', understoodBy: 'phrases' });
  });

  it('refuses tools by any other than their exact name, and tells the model which there are [L2]', async () => {
    const wrong = [
      'Reboot_EC2',
      'reboot-ec2',
      'rebootEc2',
      'approve',
      'terminate_instances',
      '__proto__',
      'constructor',
    ];
    const model = scriptedModel(
      calls(...wrong.map((tool): [string, unknown] => [tool, { instance_id: SICK }])),
      words('No.'),
    );
    const house = await houseWith(model);

    await house.say('alice', 'try some odd names on that machine, will you');

    const told = toldIn(model.requests[1] ?? never());
    expect(told.every(({ failed, text }) => failed && text.startsWith('There is no tool'))).to.equal(true);
    expect(told).to.have.length(wrong.length);
    expect(await records(house, 'tool_call_executed')).to.have.length(0);
  });
});

/** The request is on record, so the model is being asked. */
async function isAsked({ store }: BotHouse): Promise<boolean> {
  const page = await store.query(auditKind, { index: 'by_chain', partition: CHAIN, limit: 1 });
  return page.rows.length > 0;
}

function never(): never {
  throw new Error('the model was not asked');
}
