import { expect } from 'chai';
import { brokenLimits, brokenViewLimits } from './block-limits.ts';

const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
const rich = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});
const button = (over: object) => ({ type: 'button', text: plain('Go'), action_id: 'say:1', value: 'help', ...over });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const table = (rows: number, columns: number, text = 'x') => ({
  type: 'table',
  rows: Array.from({ length: rows }, () => Array.from({ length: columns }, () => ({ type: 'raw_text', text }))),
  column_settings: [],
});
const chart = (over: object) => ({
  type: 'data_visualization',
  title: 'CPU',
  chart: {
    type: 'line',
    series: [{ name: 'a', data: [{ label: '02:00', value: 1 }] }],
    axis_config: { categories: ['02:00'], x_label: 'x', y_label: 'y' },
    ...over,
  },
});

const many = (count: number, make: (at: number) => object) => Array.from({ length: count }, (_, at) => make(at));
const point = { label: '02:00', value: 1 };

/** What is wrong, what is said of it, and the blocks. */
const broken: [what: string, said: RegExp, blocks: object[]][] = [
  ['too many blocks', /^blocks: Too big/m, many(51, () => ({ type: 'divider' }))],
  ['no blocks', /^blocks: Too small/m, []],
  ['a block nobody knows', /^blocks\.0\.type: /m, [{ type: 'blink' }]],
  ['a field nobody knows', /Unrecognized key: "disabled"/, [actions(button({ disabled: true }))]],
  ['a long header', /text\.text: Too big/, [{ type: 'header', text: plain('x'.repeat(151)) }]],
  ['an empty text', /text\.text: Too small/, [{ type: 'header', text: plain('') }]],
  ['markup in a header', /Invalid input/, [{ type: 'header', text: { type: 'mrkdwn', text: '*x*' } }]],
  ['an empty section', /a section is empty/, [{ type: 'section' }]],
  ['too many fields', /fields: Too big/, [{ type: 'section', fields: many(11, () => plain('x')) }]],
  ['a long text', /text: Too big/, [rich('x'.repeat(3001))]],
  ['an empty rich text', /elements: Too small/, [{ type: 'rich_text', elements: [] }]],
  ['too much small print', /elements: Too big/, [{ type: 'context', elements: many(11, () => plain('x')) }]],
  ['too many buttons', /elements: Too big/, [actions(...many(26, (at) => button({ action_id: `say:${at}` })))]],
  ['a long value', /value: Too big/, [actions(button({ value: 'x'.repeat(2001) }))]],
  ['a long button', /text\.text: Too big/, [actions(button({ text: plain('x'.repeat(76)) }))]],
  ['a link that runs', /url: Invalid/, [actions(button({ url: 'javascript:alert(1)' }))]],
  ['one id twice', /two buttons have one action_id/, [actions(button({}), button({}))]],
  ['too many rows', /rows: Too big/, [table(101, 1)]],
  ['too many columns', /rows\.0: Too big/, [table(2, 21)]],
  ['a ragged table', /rows differ in length/, [{ ...table(1, 2), rows: [...table(1, 2).rows, ...table(1, 1).rows] }]],
  ['a second table', /2 tables in one message/, [table(1, 1), table(1, 1)]],
  ['a full table', /10002 characters in tables/, [table(1, 2, 'x'.repeat(5001))]],
  ['a full message', /12001 characters in one payload/, [...many(4, () => rich('x'.repeat(3000))), rich('x')]],
  ['a third chart', /3 charts in one message/, many(3, () => chart({}))],
  [
    'a point too few',
    /does not carry every category/,
    [chart({ series: [{ name: 'a', data: [{ label: 'x', value: 1 }] }] })],
  ],
  ['one name twice', /two series have one name/, [chart({ series: many(2, () => ({ name: 'a', data: [point] })) })]],
  ['a gap', /value: Invalid input/, [chart({ series: [{ name: 'a', data: [{ ...point, value: null }] }] })]],
];

describe('the checker of Slack limits', () => {
  it('passes a message that breaks no limit', () => {
    const blocks = [{ type: 'header', text: plain('x') }, rich('y'), actions(button({})), table(100, 20), chart({})];

    const said = brokenLimits({ text: 'x', blocks });

    expect(said).to.deep.equal([]);
  });

  for (const [what, said, blocks] of broken) {
    it(`finds ${what}`, () => {
      const found = brokenLimits({ text: 'x', blocks });

      expect(found.join('\n')).to.match(said);
    });
  }

  it('finds a table on the Home tab, and a long title of a modal', () => {
    const modal = { type: 'modal', callback_id: 'x', private_metadata: 'x', submit: plain('x'), close: plain('x') };

    const home = brokenViewLimits({ type: 'home', blocks: [table(1, 1)] });
    const found = brokenViewLimits({ ...modal, title: plain('x'.repeat(25)), blocks: [rich('x')] } as never);

    expect(home).to.deep.equal(['table is for messages only']);
    expect(found.join()).to.match(/title\.text: Too big/);
  });
});
