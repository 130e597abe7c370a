import { expect } from 'chai';
import { findingsView } from '../../bot/findings-view.ts';
import type { FindingsReport } from '../../bot/llm/findings.ts';
import { renderAdaptive } from '../../cards/adaptive/render.ts';
import { renderBlockKit } from '../../cards/blockkit/render.ts';
import { renderText } from '../../cards/text/render.ts';
import type { Action, Field, SectionsView } from '../../cards/view.ts';
import { brokenLimits } from '../cards/blockkit/block-limits.ts';
import { keptRead } from './reads.ts';

const FAILED = 'cloudtrail lookup event_name=RebootInstances time_window=24h';
const asCommand = (text: string) => ({ text, label: `short for ${text}` });
const COMMANDS = ['ec2 reboot i-0bad5eed2c0ffee02', 'ecs scale cluster=main service=cart desired_count=6'];
const READS = [
  keptRead(1, { command: 'alarms list' }),
  keptRead(2, { command: FAILED, outcome: 'failed', took_ms: 8000, account: '', region: '' }),
  keptRead(3, {
    command: 'ecs status cluster=main',
    took_ms: 1540,
    region: 'us-east-1',
    at: '2026-11-20T12:00:09.000Z',
  }),
];
const ID = READS.map(({ id }) => id);

type Finding = FindingsReport['findings'][number];

function aFinding(overrides: Partial<Finding> = {}): Finding {
  return { text: 'web-1 answers 502.', status: 'confirmed', confidence: 'high', evidence: [ID[2] ?? ''], ...overrides };
}

function proposal(tool: string): FindingsReport['proposed'][number] {
  return { tool, input: {}, expected_effect: 'It comes back.', undo: 'There is none.' };
}

function card(report: Partial<FindingsReport> = {}, rest: Partial<Parameters<typeof findingsView>[0]> = {}) {
  return findingsView({
    question: 'why is web slow?',
    report: {
      summary: 'One of two targets is down.',
      findings: [aFinding()],
      alternatives: [{ text: 'A deployment', why_not: 'None was made.' }],
      proposed: [proposal('reboot_ec2'), proposal('scale_ecs_service')],
      ...report,
    },
    reads: READS,
    commands: COMMANDS.map(asCommand),
    ...rest,
  });
}

const fieldsOf = (view: SectionsView, heading: string): Field[] =>
  view.sections.find((section) => section.heading === heading)?.fields ?? [];
const pressed = (actions: readonly Action[] = []) =>
  actions.map((action) => [action.label, action.kind === 'say' ? action.text : action.kind]);

describe('the card of findings', () => {
  it('says what was found, what shows it, what was ruled out and what could be done, in this order [L7]', () => {
    const view = card();

    expect(view).to.include({ title: 'Findings: why is web slow?', aiWritten: true });
    expect(view.sections.map(({ heading }) => heading)).to.deep.equal([
      ...['Summary', 'Findings', 'Evidence', 'Ruled out', 'Proposed'],
    ]);
    expect(fieldsOf(view, 'Findings')).to.deep.equal([
      { label: 'Confirmed', value: 'web-1 answers 502. (high confidence; r3)' },
    ]);
    expect(fieldsOf(view, 'Proposed').map(({ value }) => value)).to.deep.equal([
      ...[COMMANDS[0], 'It comes back.', 'There is none.'],
      ...[COMMANDS[1], 'It comes back.', 'There is none.'],
    ]);
  });

  it('shows every read with its place, time and id, and the exact command of one that failed [L7]', () => {
    const view = card();

    expect(fieldsOf(view, 'Evidence')).to.deep.equal([
      { label: 'r1', value: `alarms list · 123456789012 eu-west-1 · 412 ms · ${ID[0]}` },
      { label: 'r2', value: { text: `failed: ${FAILED} · 8.0 s · ${ID[1]}`, status: 'bad' } },
      { label: 'r3', value: `ecs status cluster=main · 123456789012 us-east-1 · 1.5 s · ${ID[2]}` },
    ]);
    expect(view.source).to.deep.equal({
      ...{ account: '123456789012', region: 'eu-west-1, us-east-1' },
      ...{ at: '2026-11-20T12:00:09.000Z', mode: 'LOCAL_MOCK' },
    });
    expect(view.note).to.match(/^3 reads in 10\.0 s, 1 failed\. show <read id>/);
  });

  it('drops evidence that was not read, and believes nothing that is left without any [L7]', () => {
    const elsewhere = keptRead(99).id;
    const view = card({
      findings: [
        aFinding({ text: 'a', evidence: [elsewhere, ID[0] ?? '', ID[0] ?? ''] }),
        aFinding({ text: 'b', evidence: [elsewhere] }),
        aFinding({ text: 'c', status: 'unlikely', evidence: [] }),
        aFinding({ text: 'd', status: 'likely', evidence: [ID[1] ?? ''] }),
      ],
    });

    expect(fieldsOf(view, 'Findings')).to.deep.equal([
      { label: 'Confirmed', value: 'a (high confidence; r1)' },
      { label: 'Unconfirmed', value: 'b (low confidence; no evidence)' },
      { label: 'Unlikely', value: 'c (low confidence; no evidence)' },
      { label: 'Likely', value: 'd (high confidence; r2 failed)' },
    ]);
  });

  it('has no colour of its own: how sure it is says nothing of whether it is good news [L7]', () => {
    const { status, sections } = card();

    expect(status).to.equal(undefined);
    expect(
      sections.flatMap(({ fields = [] }) => fields).filter(({ label }) => label === 'Confirmed')[0]?.value,
    ).to.be.a('string');
  });

  it('offers at most three changes, to be proposed as commands, then two reads to open [L2, L7]', () => {
    const commands = ['one', COMMANDS[1] ?? '', 'three', 'four'];
    const proposed = commands.map(proposal);
    const { actions = [] } = card(
      { proposed },
      { commands: commands.map(asCommand), consoleUrl: 'https://ops.example.com' },
    );

    expect(pressed(actions)).to.deep.equal([
      ['Propose: short for one', 'one'],
      ['Propose: short for ecs scale cluster=ma…', COMMANDS[1]],
      ['Propose: short for three', 'three'],
      ['Show r3', `show ${ID[2]}`],
      ['Show r1', `show ${ID[0]}`],
      ['Open the console', 'link'],
    ]);
    expect(actions.map((action) => 'style' in action && action.style === 'primary')).to.deep.equal([
      ...[true, false, false, false, false, false],
    ]);
    for (const { label } of actions) expect(label).to.have.length.within(1, 40);
  });

  it('says that nothing was read, and leaves out what is empty [L7]', () => {
    const view = card({ alternatives: [], proposed: [] }, { reads: [], commands: [] });

    expect(view.sections.map(({ heading }) => heading)).to.deep.equal(['Summary', 'Findings', 'Evidence']);
    expect(fieldsOf(view, 'Evidence')).to.deep.equal([{ label: 'None', value: 'Nothing was read.' }]);
    expect(view.note).to.equal('Written without reading anything.');
    expect(view.source).to.equal(undefined);
    expect(view.actions).to.deep.equal([]);
  });

  it('is whole on a narrow terminal, in Teams and in Slack [C1, C2, C4, L7]', async () => {
    const end = 'and this is the end of it.';
    const finding = aFinding({ text: `${'word '.repeat(74)}${end}` });
    const view = card({ findings: [finding, aFinding({ status: 'likely' })] });

    const slack = renderBlockKit(view, { charts: 'native' });
    const teams = JSON.stringify(await renderAdaptive(view, 'chat', 'teams'));
    const text = renderText(view, { width: 60, color: false }).replace(/\s+/g, ' ');

    expect(brokenLimits(slack)).to.deep.equal([]);
    for (const shown of [JSON.stringify(slack), teams, text]) {
      expect(shown).to.include(end).and.include(FAILED).and.include(ID[0]);
      expect(shown).to.not.include('not shown').and.not.include('shortened');
    }
  });

  it('keeps within the limits of Slack and Teams when everything is at its longest [C1, C2, L7]', async () => {
    const text = (length: number) => 'word '.repeat(length / 5);
    const proposed = Array(4).fill({ ...proposal('x'), expected_effect: text(300), undo: text(300) });
    const view = card(
      {
        summary: text(600),
        findings: Array(8).fill(aFinding({ text: text(400) })),
        alternatives: Array(5).fill({ text: text(300), why_not: text(300) }),
        proposed,
      },
      {
        reads: Array.from({ length: 40 }, (_, n) => keptRead(n)),
        commands: Array(4).fill(asCommand(`ec2 ${text(1000)}`)),
      },
    );

    const slack = renderBlockKit(view, { charts: 'native' });
    const teams = await renderAdaptive(view, 'chat', 'teams');

    expect(brokenLimits(slack)).to.deep.equal([]);
    expect(Buffer.byteLength(JSON.stringify(teams))).to.be.at.most(24 * 1024);
    expect(JSON.stringify(slack)).to.include('not shown');
  });
});
