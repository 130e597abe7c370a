import { catalog } from '../tools/catalog.ts';
import { heldOut } from './held-out.ts';
import { understand } from './house.ts';
import { type Judged, judge, type Verdict } from './judge.ts';
import type { Sentence } from './sentence.ts';
import { sentences } from './sentences.ts';
import { percent, table } from './table.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const LEAST = 0.95;
const COLUMNS: readonly Verdict[] = ['right', 'wrong-tool', 'wrong-argument', 'wrong-end', 'wrong-write'];

/** The report of the phrase matcher, and whether it may not pass: below 95 % right, or a single wrong write. */
export function scorePhrases({ hideHeldOut }: { hideHeldOut: boolean }): { text: string; failed: boolean } {
  const run = (list: readonly Sentence[]) => list.map((one) => judge(one, understand(one.text, { now: NOW }), catalog));
  const [tuned, held] = [run(sentences), run(heldOut)];
  const misses = (hideHeldOut ? tuned : [...tuned, ...held]).filter(({ verdict }) => verdict !== 'right');
  const text = [
    ...(hideHeldOut ? [] : [report('held out (never tuned on)', held)]),
    report('all sentences', tuned),
    ...misses.map(explain),
  ];
  const wrongWrites = [...tuned, ...held].filter(({ verdict }) => verdict === 'wrong-write').length;
  return { text: text.join('\n\n'), failed: wrongWrites > 0 || rightOf(tuned) / tuned.length < LEAST };
}

const rightOf = (judged: readonly Judged[]) => judged.filter(({ verdict }) => verdict === 'right').length;

function report(title: string, judged: readonly Judged[]): string {
  const rows = judged.map(({ sentence, verdict }) => ({ category: sentence.category, columns: [verdict] }));
  return `${title}: ${judged.length} sentences, ${percent(rightOf(judged), judged.length)} right\n${table(COLUMNS, rows)}`;
}

function explain({ sentence, got, verdict }: Judged): string {
  const expected = JSON.stringify(sentence.expected).slice(0, 300);
  return `${verdict}: ${sentence.text.slice(0, 160)}\n  expected ${expected}\n  got      ${JSON.stringify(got).slice(0, 300)}`;
}
