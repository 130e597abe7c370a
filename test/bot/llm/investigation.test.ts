import { expect } from 'chai';
import type { ModelReply, ModelRequest } from '../../../bot/llm/model.ts';
import type { SectionsView } from '../../../cards/view.ts';
import { OpsError } from '../../../lib/errors.ts';
import { known } from '../../../tools/aws/simulated/known.ts';
import { createBotHouse } from '../bot-house.ts';
import { views } from '../recording-channel.ts';
import {
  calls,
  readIds,
  reading,
  reportWith,
  type ScriptedModel,
  scriptedModel,
  toldIn,
  words,
} from './scripted-model.ts';

const SICK = known.sickInstance;

describe('an investigation', () => {
  const report = (more: (ids: string[]) => object = () => ({})) => {
    return (request: ModelRequest): ModelReply => {
      const ids = [...new Set(readIds(request))];
      return calls(['report_findings', { ...reportWith(ids), ...more(ids) }]);
    };
  };
  const investigate = async (model: ScriptedModel, text = 'why is checkout slow?') => {
    const house = await createBotHouse({ model });
    const result = await house.say('alice', text);
    const card = views(house.web).at(-1) as SectionsView;
    return { house, result, card };
  };
  const section = (card: SectionsView, heading: string) => card.sections.find((one) => one.heading === heading);

  it('reads in steps, says how far it is, and ends with findings whose evidence can be opened [L7, C6]', async () => {
    const { house, result, card } = await investigate(scriptedModel(...reading(), report()));

    expect(result).to.include({ outcome: 'answer', understoodBy: 'model' });
    expect(card).to.include({ kind: 'sections', aiWritten: true });
    expect(
      house.web.lines.some((line) => line.startsWith('Reading ecs status') && line.includes('eu-west-1')),
    ).to.equal(true);
    expect(house.web.lines.some((line) => /^Thinking\. 6 reads in \d+\.\d s: /.test(line))).to.equal(true);
    expect(section(card, 'Evidence')?.fields).to.have.length(6);

    const opened = await house.say('alice', `show ${idIn(card)}`);

    expect(opened.outcome).to.equal('answer');
    expect(opened.text).to.include('reads it again');
  });

  it('offers a proposed change as a button that only proposes it [L7, L2]', async () => {
    const { house, card } = await investigate(scriptedModel(...reading(), report()));
    const press = card.actions?.find((action) => action.kind === 'say' && action.label.startsWith('Propose'));

    const pressed = await house.say('alice', press?.kind === 'say' ? press.text : '', { origin: 'button' });

    expect(pressed).to.include({ outcome: 'pending', understoodBy: 'grammar', tool: 'scale_ecs_service' });
    expect(house.aws.writes).to.have.length(0);
  });

  it('proposes no change by itself, and the model is told where changes go [L2, L7]', async () => {
    const model = scriptedModel(
      calls(['reboot_ec2', { instance_id: SICK }], ['list_alarms', {}], ['list_ecs_services', {}]),
      report(),
    );
    const { house, result } = await investigate(model);

    expect(toldIn(model.requests[1] as ModelRequest)[0]?.text).to.include('An investigation only reads');
    expect(result.outcome).to.equal('answer');
    expect((await house.desk.approvals({ state: 'pending', limit: 5 })).rows).to.have.length(0);
  });

  it('shows a read that failed with the very query, and goes on [L7]', async () => {
    const missing = calls(['get_ec2_status', { instance_id: 'i-0123456789abcdef0' }], ['list_alarms', {}]);
    const model = scriptedModel(missing, report());

    const { card } = await investigate(model);

    expect(toldIn(model.requests[1] as ModelRequest)[0]).to.include({ failed: true });
    expect(toldIn(model.requests[1] as ModelRequest)[0]?.text).to.include('ec2 status i-0123456789abcdef0');
    expect(JSON.stringify(section(card, 'Evidence'))).to.include('ec2 status i-0123456789abcdef0');
  });

  it('tells the model what is wrong with its report, and takes the mended one [L7]', async () => {
    const model = scriptedModel(...reading(), calls(['report_findings', { summary: 'Bad.' }]), report());

    const { card } = await investigate(model);

    expect(toldIn(model.requests[3] as ModelRequest)[0]?.text).to.include('findings');
    expect(card.kind).to.equal('sections');
  });

  it('believes no evidence that was not read, and drops proposals that no tool takes [L7, L3]', async () => {
    const liar = report(() => ({
      findings: [{ text: 'It is DNS.', status: 'confirmed', confidence: 'high', evidence: ['read-ffffffffffff'] }],
      proposed: [
        { tool: 'terminate_instances', input: {}, expected_effect: 'gone', undo: 'none' },
        { tool: 'reboot_ec2', input: { instance_id: 'all' }, expected_effect: 'fresh', undo: 'none' },
      ],
    }));

    const { card } = await investigate(scriptedModel(...reading(), liar));

    expect(JSON.stringify(section(card, 'Findings')))
      .to.include('no evidence')
      .and.to.not.include('high');
    expect(card.actions?.filter((action) => action.label.startsWith('Propose')) ?? []).to.have.length(0);
  });

  it('names what was read and kept when the model goes away in the middle [L5, L7]', async () => {
    const away = new OpsError('model_unavailable', 'The model is overloaded.', { hint: 'Ask again in a minute.' });

    const { house, result } = await investigate(scriptedModel(reading()[0] as ModelReply, away));

    expect(result.outcome).to.equal('failed');
    expect(result.text).to.include('The model stopped in the middle: The model is overloaded.');
    expect(views(house.web)).to.have.length(1);
    const id = /show (read-[0-9a-f]{12}) \(alarms\)/.exec(result.text)?.[1];
    expect((await house.say('alice', `show ${id}`)).text).to.include('Alarms:');
  });

  it('is answered in words where the model finds that enough [L7]', async () => {
    const { result } = await investigate(scriptedModel(words('Nothing is slow: p95 is 40 ms.')));

    expect(result.text).to.include('Nothing is slow');
  });

  it('says without a model that it needs one, and what comes closest [L4]', async () => {
    const house = await createBotHouse();

    const result = await house.say('alice', 'investigate why checkout is slow');

    expect(result.outcome).to.equal('menu');
    expect(result.text).to.include('An investigation needs a model');
  });
});

function idIn(card: SectionsView): string {
  return /read-[0-9a-f]{12}/.exec(JSON.stringify(card))?.[0] ?? '';
}
