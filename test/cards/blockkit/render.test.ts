import { expect } from 'chai';
import { renderBlockKit } from '../../../cards/blockkit/render.ts';
import type { View } from '../../../cards/view.ts';
import { elements, typesOf } from '../adaptive/card-tree.ts';
import { expectGolden, namedSamples } from '../golden.ts';
import { approvalSample, series, source, spike } from '../samples.ts';
import { brokenLimits, brokenViewLimits } from './block-limits.ts';
import { buttons, readable } from './block-text.ts';

const native = { charts: 'native', consoleUrl: 'https://ops.example.com' } as const;
const plain = { charts: 'plain' } as const;
const message = (over: Partial<View> = {}) => ({ kind: 'message', title: 'x', body: 'x', ...over }) as View;

describe('renderBlockKit', () => {
  for (const { name, view } of namedSamples()) {
    it(`renders ${name} as its golden blocks [C1]`, () => {
      const card = renderBlockKit(view, native);

      expectGolden(`blockkit/${name}.json`, `${JSON.stringify(card, null, 2)}\n`);
      expect(brokenLimits(card)).to.deep.equal([]);
    });
  }

  for (const { name, view } of namedSamples().filter(({ name }) => /^(chart|table|sections)/.test(name))) {
    it(`renders ${name} without blocks that a workspace may refuse [C7]`, () => {
      const card = renderBlockKit(view, plain);

      expectGolden(`blockkit/${name}-plain.json`, `${JSON.stringify(card, null, 2)}\n`);
      expect(brokenViewLimits({ type: 'home', blocks: card.blocks })).to.deep.equal([]);
    });
  }

  it('shows on the proposal everything a person needs to decide [G6]', () => {
    const view = approvalSample();

    const text = readable(renderBlockKit(view, native).blocks);

    const shown = [
      ...[view.target, view.approvalId, view.digestPrefix, view.requester, view.reason, view.mayApprove, view.action],
      ...[view.impact.downtime, view.impact.recovery, ...view.impact.affected, ...view.riskReasons, ...view.warnings],
      ...view.changes.flatMap(({ field, before, after }) => [field, before, after]),
      ...['acme-prod (123456789012)', 'eu-west-1', 'SANDBOX_LIVE (real AWS)', 'high', 'Waiting for approval: 0 of 2'],
      ...['2 different people', '2026-11-21 03:19:05 UTC'],
    ];
    for (const fact of shown) expect(text).to.include(fact);
  });

  it('lets a proposal be decided where tables and charts are refused [C1, G6]', () => {
    const types = typesOf(renderBlockKit(approvalSample(), native).blocks);

    expect(types).not.to.include.members(['table']);
    expect(types).not.to.include.members(['data_visualization']);
    expect(types.filter((type) => type === 'button')).to.have.length(3);
  });

  it('never puts the approval token in a card [A5]', () => {
    const token = 'approve-9r2mVhYyK0t3b8Qw5Xc1ZsLpUe7GfDaNjIoTqRkM4xE';

    const card = renderBlockKit(approvalSample({ token }), native);

    expect(JSON.stringify(card)).not.to.include(token);
  });

  it('shows moments in the zone of the reader, with UTC where that fails, and a broken one as it is [C9]', () => {
    const fields = [
      { label: 'a', value: { at: '2026-11-21T04:04:05.678+01:00' } },
      { label: 'b', value: { at: '<!date^0^{date}|x>' } },
      { label: 'c', value: { at: '-000001-01-01T00:00:00Z' } },
    ];
    const rows = [[{ at: '2026-11-21T03:04:05Z' }]];

    const facts = renderBlockKit({ kind: 'facts', title: 'Moments', fields }, native);
    const table = renderBlockKit({ kind: 'table', title: 'x', columns: ['When'], rows, empty: '' }, native);

    const date = { type: 'date', timestamp: 1795230245, fallback: '2026-11-21 03:04:05 UTC' };
    expect(elements(facts.blocks)).to.deep.include({ ...date, format: '{date_short_pretty} {time} (your time)' });
    expect(readable(facts.blocks)).to.include('b  < !date^0^{date}|x>').and.to.include('c  -000001-01-01');
    expect(elements(table.blocks)).to.deep.include({ ...date, format: '{date_short_pretty} {time}' });
    expect(readable(table.blocks)).to.include('When (your time)');
  });

  it('has a plain line beside the blocks, which says the same as everywhere [C9]', () => {
    const card = renderBlockKit(approvalSample(), native);

    expect(card.text).to.equal(
      'Waiting for approval: 0 of 2. Reboot EC2 instance i-0abc123def4567890 (web_1), high risk',
    );
  });

  it('stands short facts side by side, and writes those that markup would change as lines', () => {
    const fields = ['m7g.large', 'web_1', '*web*', 'x'.repeat(33), 'eu-west-1a', 'a&b'].map((value) => ({
      label: 'Tag',
      value,
    }));

    const { blocks } = renderBlockKit({ kind: 'facts', title: 'x', fields }, native);

    expect(blocks.map(({ type }) => type)).to.deep.equal(['header', 'section', 'rich_text', 'section']);
    expect(elements(blocks[1])).to.deep.include({ type: 'mrkdwn', text: '*Tag*\nweb_1', verbatim: true });
    expect(readable(blocks[2])).to.include('*web*');
    expect(elements(blocks[3])).to.deep.include({ type: 'mrkdwn', text: '*Tag*\na&amp;b', verbatim: true });
  });

  it('says of a text that a model wrote it [C1]', () => {
    const [human, model] = [false, true].map((aiWritten) => renderBlockKit(message({ aiWritten }), native));

    expect(readable(model?.blocks)).to.include('Written by AI. Check before you rely on it.');
    expect(readable(human?.blocks)).not.to.include('Written by AI');
  });

  it('gives every status a sign', () => {
    const states = ['good', 'warning', 'bad', 'waiting', 'neutral'] as const;

    const titles = states.map((status) => readable(renderBlockKit(message({ title: 'T', status }), native).blocks[0]));

    expect(new Set(titles.map((title) => title.charAt(0)))).to.have.property('size', states.length);
  });
});

describe('buttons of a Slack card', () => {
  it('leave out links that lead anywhere but to https or this machine, and say so [C6]', () => {
    const urls = ['https://a.example/', 'http://127.0.0.1:3978/', 'http://example.com/', 'javascript:alert(1)', 'x'];
    const actions = urls.map((url) => ({ kind: 'link', label: url, url }) as const);

    const { blocks } = renderBlockKit(message({ actions }), native);

    expect(buttons(blocks).map(({ url }) => url)).to.deep.equal(urls.slice(0, 2));
    expect(readable(blocks)).to.include('3 buttons left out: what they would send is too long or not safe.');
  });

  it('are left out, never shortened, when a command is too long or holds what nobody sees [C6]', () => {
    const texts = ['help', 'x'.repeat(2001), 'ap\u200bprove', ' '];
    const actions = texts.map((text) => ({ kind: 'say', label: 'x', text }) as const);

    const { blocks } = renderBlockKit(message({ actions }), native);

    expect(buttons(blocks).map(({ value }) => value)).to.deep.equal(['help']);
    expect(readable(blocks)).to.include('3 buttons left out');
  });
});

describe('charts of a Slack card', () => {
  it('share one pair of axes when unit and times are the same [C7]', () => {
    const view: View = {
      kind: 'chart',
      title: 'x',
      fields: [],
      series: [series([1, 2], 'CPU'), series([3, 4], 'Memory'), series([5, 6], 'Network in', 'bytes/s')],
    };

    const charts = elements(renderBlockKit(view, native).blocks).filter(({ type }) => type === 'data_visualization');

    expect(charts.map(({ title }) => title)).to.deep.equal(['CPU, Memory', 'Network in']);
  });

  it('keep every spike and the last value, and say what is missing [C7]', () => {
    const { blocks } = renderBlockKit({ kind: 'chart', title: 'x', fields: [], series: [spike] }, native);

    const values = elements(blocks).flatMap((one) =>
      one.type === 'line' ? JSON.stringify(one).match(/"value":\d+/g) : [],
    );
    expect(values).to.include.members(['"value":92', '"value":11']);
    expect(values?.at(-1)).to.equal('"value":15');
    expect(readable(blocks)).to.include('min 11 % · avg 24.6 % · max 92 % · last 15 % · 4 of 60 without data');
  });

  it('are given as numbers when there are more than Slack draws [C7]', () => {
    const many = Array.from({ length: 9 }, (_, index) => ({ ...spike, label: `Host ${index}`, unit: `unit ${index}` }));

    const card = renderBlockKit({ kind: 'chart', title: 'Hosts', fields: [], series: many }, native);

    expect(brokenLimits(card)).to.deep.equal([]);
    expect(readable(card.blocks).match(/min 11 /g)).to.have.length(9);
    expect(readable(card.blocks)).to.include('7 of 9 series are given as numbers only.');
  });

  it('tell series with one name and times within a minute apart [C7]', () => {
    const at = (second: number) => `2026-11-21T02:00:0${second}Z`;
    const points = [1, 2, 3].map((second) => ({ at: at(second), value: second }));
    const twin = { label: 'A name that is longer than twenty', unit: 'count', points };

    const card = renderBlockKit({ kind: 'chart', title: 'x', fields: [], series: [twin, twin, twin] }, native);

    expect(brokenLimits(card)).to.deep.equal([]);
  });
});

describe('tables of a Slack card', () => {
  it('are lists after the first, because a message takes one [C1]', () => {
    const section = { heading: 'web-tg', columns: ['Target', 'State'], rows: [['a', 'healthy']] };
    const view: View = { kind: 'sections', title: 'x', source, sections: [section, section] };

    const { blocks } = renderBlockKit(view, native);

    expect(typesOf(blocks).filter((type) => /^(table|rich_text_list)$/.test(type))).to.deep.equal([
      'table',
      'rich_text_list',
    ]);
    expect(readable(blocks)).to.include('a · State: healthy');
  });

  it('hold at most 10,000 characters, and say how many rows that is [C6]', () => {
    const rows = Array.from({ length: 99 }, () => ['x'.repeat(105)]);

    const card = renderBlockKit({ kind: 'table', title: 'x', columns: ['A'], rows, empty: '' }, native);

    expect(brokenLimits(card)).to.deep.equal([]);
    expect(readable(card.blocks)).to.match(/! \d+ more rows not shown/);
  });

  it('show all fifty events of a full search [C6]', () => {
    const row = [
      { at: '2026-11-21T02:00:00Z' },
      'arn:aws:sts::123456789012:assumed-role/ops/alice',
      'RebootInstances',
      '203.0.113.7',
    ];
    const rows = Array.from({ length: 50 }, () => row);
    const columns = ['When', 'Who', 'What', 'From'];

    const { blocks } = renderBlockKit({ kind: 'table', title: 'CloudTrail events', columns, rows, empty: '' }, native);

    expect(readable(blocks).match(/203\.0\.113\.7/g)).to.have.length(50);
    expect(readable(blocks)).not.to.include('not shown');
  });
});
