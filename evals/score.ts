import { createUnderstanding } from '../bot/understand/understand.ts';
import { catalog } from '../tools/catalog.ts';
import { heldOut } from './held-out.ts';
import { type Judged, judge, type Verdict } from './judge.ts';
import type { Sentence } from './sentence.ts';
import { sentences } from './sentences.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const LEAST = 0.95;
const COLUMNS: readonly Verdict[] = ['right', 'wrong-tool', 'wrong-argument', 'wrong-end', 'wrong-write'];

const say = (line: string) => process.stdout.write(`${line}\n`);

/** `npm run eval`: a table by category, every miss by name; exit 1 below 95 % or with a single wrong write. */
function main(): number {
  const understand = createUnderstanding({ catalog });
  const run = (list: readonly Sentence[]) => list.map((one) => judge(one, understand(one.text, { now: NOW }), catalog));
  const [tuned, held] = [run(sentences), run(heldOut)];
  if (!process.argv.includes('--hide-held-out')) table('held out (never tuned on)', held);
  table('all sentences', tuned);
  const misses = process.argv.includes('--hide-held-out') ? tuned : [...tuned, ...held];
  misses.filter(({ verdict }) => verdict !== 'right').forEach(explain);
  const wrongWrites = [...tuned, ...held].filter(({ verdict }) => verdict === 'wrong-write').length;
  return wrongWrites > 0 || share(tuned) < LEAST ? 1 : 0;
}

function share(judged: readonly Judged[]): number {
  return judged.filter(({ verdict }) => verdict === 'right').length / judged.length;
}

function table(title: string, judged: readonly Judged[]): void {
  const categories = [...new Set(judged.map(({ sentence }) => sentence.category))];
  say(`\n${title}: ${judged.length} sentences, ${(share(judged) * 100).toFixed(1)} % right`);
  say(['category'.padEnd(30), ...COLUMNS.map((column) => column.padStart(15))].join(''));
  for (const category of categories) {
    const mine = judged.filter(({ sentence }) => sentence.category === category);
    const counts = COLUMNS.map((column) => mine.filter(({ verdict }) => verdict === column).length);
    say([category.padEnd(30), ...counts.map((count) => String(count).padStart(15))].join(''));
  }
}

function explain({ sentence, got, verdict }: Judged): void {
  say(`\n${verdict}: ${sentence.text.slice(0, 160)}`);
  say(`  expected ${JSON.stringify(sentence.expected).slice(0, 300)}`);
  say(`  got      ${JSON.stringify(got).slice(0, 300)}`);
}

process.exitCode = main();
