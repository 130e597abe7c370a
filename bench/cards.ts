import { isDeepStrictEqual } from 'node:util';
import { renderAdaptive } from '../cards/adaptive/render.ts';
import { loadTemplates } from '../cards/adaptive/templates.ts';
import type { View } from '../cards/view.ts';
import { tell } from './goals.ts';
import { ratios, spread, write } from './rounds.ts';

/**
 * A table of 40 elements as an Adaptive Card, from the view to a card that fits, against `Template.expand` alone with a kept template and data
 * that is ready, same output; and how the time grows with the rows: `node bench/cards.ts [rounds]`.
 */
const ROUNDS = Number(process.argv[2] ?? 7);
const ROWS = 4;
/** Rows that still fit on one card, so that it is rendered once. */
const SOME = 32;
const MANY = 60;
const TIMES = 1_000;

const source = {
  ...{ account: '123456789012', region: 'eu-west-1', at: '2026-01-05T08:00:00.000Z', mode: 'LOCAL_MOCK' as const },
};
const table = (rows: number): View => ({
  kind: 'table',
  title: 'EC2 instances',
  columns: ['Id', 'Name', 'State'],
  rows: Array.from({ length: rows }, (_, n) => [`i-${n}`, `web-${n}`, 'up']),
  empty: 'No instances.',
  source,
});

const template = (await loadTemplates()).table;
const data = await dataOf(table(ROWS));
const card = await renderAdaptive(table(ROWS));
if (!isDeepStrictEqual(card, template.expand({ $root: data }))) throw new Error('the two cards are not the same');
const elements = JSON.stringify(card).match(/"type":/g)?.length;

const cases = {
  [`Template.expand alone, ${ROWS} rows, ${elements} elements`]: () => template.expand({ $root: data }),
  [`view to card, ${ROWS} rows`]: () => renderAdaptive(table(ROWS)),
  [`view to card, ${SOME} rows`]: () => renderAdaptive(table(SOME)),
  [`view to card, ${MANY} rows`]: () => renderAdaptive(table(MANY)),
};
const found = Object.keys(cases).map((name) => ({ name, us: [] as number[] }));
for (let round = -1; round < ROUNDS; round += 1)
  for (const [n, work] of Object.values(cases).entries()) {
    const us = await timed(work);
    if (round >= 0) found[n]?.us.push(us);
  }

const [expand = [], few = [], some = [], many = []] = found.map(({ us }) => us);
write('| what | µs | × |');
write('|---|---|---|');
for (const { name, us } of found) write(`| ${name} | ${spread(us)} | ${spread(ratios(us, expand), 2)} |`);
tell('P12a', ratios(expand, few));
tell(
  'P12b',
  many.map((us, round) => aRow(us, some[round], MANY - SOME) / aRow(some[round], few[round], SOME - ROWS)),
);

/** Of the fixed part of a card nothing is left in the difference. */
function aRow(more = Number.NaN, less = Number.NaN, rows: number): number {
  return (more - less) / rows;
}

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  for (let n = 0; n < TIMES; n += 1) await work();
  return ((performance.now() - began) / TIMES) * 1000;
}

/** What the product hands to the template, seen on the way. */
async function dataOf(view: View): Promise<object> {
  const { expand } = template;
  let seen: object = {};
  template.expand = (context) => {
    seen = context.$root as object;
    return expand.call(template, context);
  };
  await renderAdaptive(view);
  template.expand = expand;
  return seen;
}
