import { expect } from 'chai';
import { renderText } from '../../../cards/text/render.ts';
import type { View } from '../../../cards/view.ts';
import { expectGolden, namedSamples } from '../golden.ts';
import { hostileTexts, poisoned } from '../hostile.ts';
import { approvalSample, approvalStates, samples } from '../samples.ts';

const plain = { width: 80, color: false };
const colours = /\u001b\[\d+m/g;
const unsafe = /[^\n\P{Cc}]|[\p{Bidi_Control}\u200b-\u200d\u2060\ufeff]|[\u{E0000}-\u{E007F}]/u;

function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}

describe('renderText', () => {
  for (const { name, view } of namedSamples()) {
    it(`writes ${name} as its golden text`, () => {
      const text = renderText(view, plain);

      expectGolden(`text/${name}.txt`, `${text}\n`);
    });

    it(`writes ${name} with colours in the same places [C4]`, () => {
      const text = renderText(view, { width: 60, color: true });

      expect(text).to.match(colours);
      expect(text.replace(colours, '')).to.equal(renderText(view, { width: 60, color: false }));
    });

    it(`keeps ${name} within the terminal, but for commands to paste [C4]`, () => {
      const lines = renderText(view, { width: 60, color: false }).split('\n');

      const long = lines.filter((line) => [...line].length > 60);
      for (const line of long) expect(line).to.match(/^ {2}\S/);
    });
  }

  for (const [name, poison] of Object.entries(hostileTexts)) {
    it(`lets no data move the cursor or turn the line: ${name}`, () => {
      for (const { name: sample, view } of namedSamples()) {
        const text = renderText(poisoned(view, poison), plain);

        expect(text, sample).not.to.match(unsafe);
      }
    });
  }

  it('writes texts of 100 kB without hanging', () => {
    const started = performance.now();

    for (const { view } of namedSamples()) renderText(poisoned(view, 'x y'.repeat(35_000)), plain);

    expect(performance.now() - started).to.be.below(5000);
  });

  it('shows on the proposal everything a person needs to decide [G6]', () => {
    const view = approvalSample();

    const text = flat(renderText(view, { width: 60, color: false }));

    const shown = [
      ...[view.action, view.target, view.approvalId, view.digestPrefix, view.requester, view.reason, view.mayApprove],
      ...[view.impact.downtime, view.impact.recovery, ...view.impact.affected, ...view.riskReasons, ...view.warnings],
      ...view.changes.map(({ field, before, after }) => `${field} ${before} → ${after}`),
      ...['acme-prod (123456789012)', 'eu-west-1', 'SANDBOX_LIVE (real AWS)', 'high', '2026-11-21 03:19:05 UTC'],
      'Waiting for approval: 0 of 2',
    ];
    for (const fact of shown) expect(text).to.include(fact);
  });

  it('gives the buttons as commands to paste, with the token when it is known [C4]', () => {
    const token = 'approve-9r2mVhYyK0t3b8Qw5Xc1ZsLpUe7GfDaNjIoTqRkM4xE';

    const known = renderText(approvalSample({ token }), plain);
    const unknown = renderText(approvalSample(), plain);

    expect(known).to.include(`  approve token:${token}\n`);
    expect(known).to.include(`  reject token:${token} because <reason>\n`);
    expect(unknown).to.include('  approve chg-5d1f0a9c2b47\n');
    expect(unknown).to.include('  reject chg-5d1f0a9c2b47 because <reason>\n');
    expect(unknown).to.match(/ {2}cancel chg-5d1f0a9c2b47$/);
  });

  it('offers no decision on a change that is decided [G8]', () => {
    const text = renderText({ ...approvalStates.rejected, token: 'approve-x' }, plain);

    expect(text).to.match(/^✕ Rejected by bob@example\.com\. Nothing was changed\. Reason: /);
    expect(text).not.to.match(/^ {2}(approve|reject|cancel) /m);
    expect(text).not.to.include('approve-x');
  });

  it('shows times in the zone that is asked for, with its name', () => {
    const text = renderText(approvalSample(), { ...plain, zone: 'Asia/Kolkata' });

    expect(text).to.include('Expires       2026-11-21 08:49:05 GMT+5:30');
  });

  it('keeps ids whole and turns rows into blocks when the terminal is narrow [C4]', () => {
    const [table] = samples.table as [View];

    const text = renderText(table, { width: 40, color: false });

    expect(text).to.include('Instance  i-0abc123def4567890\nName      web_1\nState     ✓ running\n');
  });

  it('marks a cell that needs more than five lines', () => {
    const rows = [['a', 'one two three four '.repeat(30)]];

    const text = renderText({ kind: 'table', title: 'T', columns: ['A', 'B'], rows, empty: '' }, plain);

    expect(text.split('\n').filter((line) => line.includes('one'))).to.have.length(5);
    expect(text).to.match(/…$/);
  });

  it('draws a series with its numbers, unit and time range [C7]', () => {
    const [chart] = samples.chart as [View];

    const text = renderText(chart, plain);

    expect(text).to.match(/[▁▂▃▄▅▆▇█·]{60}\nmin 11 % · avg 24\.6 % · max 92 % · last 15 %\n/);
    expect(text).to.include('2026-11-21 02:00:00 UTC to 2026-11-21 02:59:00 UTC');
  });
});
