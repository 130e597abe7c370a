import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { figures, percentile } from '../../evals/figures.ts';
import { sampleOf } from '../../evals/sample.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { call, says } from './good-model.ts';
import { openVendor, type Vendor } from './vendor.ts';

const SCORE = fileURLToPath(new URL('../../evals/score.ts', import.meta.url));

describe('npm run eval', () => {
  let vendor: Vendor;

  before(async () => {
    vendor = await openVendor();
  });

  after(() => vendor.stop());

  const run = async (env: NodeJS.ProcessEnv, ...words: string[]) => {
    const child = spawn(process.execPath, [SCORE, ...words], { env: { PATH: process.env.PATH, ...env } });
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await once(child, 'exit');
    return { code, said: (await said).join('\n') };
  };

  it('scores the phrases alone without a key, and says how a model is scored [L8]', async () => {
    const { code, said } = await run({ LLM_PROVIDER: 'none' });

    expect(code).to.equal(0);
    expect(said).to.match(/all sentences: \d+ sentences, /);
    expect(said).to.include('No model was scored: LLM_PROVIDER');
  }).timeout(30_000);

  it('scores the model that the environment sets up, and passes one that only talks [L8]', async () => {
    vendor.play(() => says('I would rather not.'));

    const { code, said } = await run(vendor.environment, '--sample', '5');

    expect(said).to.match(/anthropic claude-sonnet-5-5: 5 sentences, [\d.]+ % right\ncost \$\d/);
    expect(said).to.match(/\d+ scenarios, [\d.]+ % right/);
    expect(code).to.equal(0);
  }).timeout(30_000);

  it('exits with 1 for a model that proposes what nobody asked for [L8]', async () => {
    vendor.play(() => call('reboot_ec2', { instance_id: known.untaggedInstance }));

    const { code, said } = await run(vendor.environment, '--sample', '5');

    expect(said).to.include('wrong-write: ');
    expect(code).to.equal(1);
  }).timeout(30_000);

  it('exits with 1 for a model that never answers, and shows why [L8]', async () => {
    const { code, said } = await run(
      { ...vendor.environment, ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' },
      '--sample',
      '1',
    );

    expect(said).to.include('The model cannot be reached');
    expect(code).to.equal(1);
  }).timeout(30_000);

  it('refuses a sample that is no number, and says what is one [L8]', async () => {
    const { code, said } = await run({}, '--sample', 'many');

    expect(said).to.include('--sample 60');
    expect(code).to.equal(1);
  });

  it('takes of every category, the small ones first, and never more than there are [L8]', () => {
    const row = (category: string) => (_: unknown, n: number) =>
      ({ text: `${category} ${n}`, category, expected: { quiet: true } }) as const;
    const all = [...Array.from({ length: 90 }, row('many')), ...Array.from({ length: 2 }, row('few'))];

    const [six, everything] = [sampleOf(all, 6), sampleOf(all, Number.POSITIVE_INFINITY)];

    expect(six.map(({ text: words }) => words)).to.deep.equal([
      'many 11',
      'many 33',
      'many 56',
      'many 78',
      'few 0',
      'few 1',
    ]);
    expect(everything).to.deep.equal(all);
  });

  it('says what a sentence costs, and how long the slow ones take [L8]', () => {
    const seconds = Array.from({ length: 20 }, (_, n) => n + 1);

    const line = figures(
      'sentence',
      [
        { costUsd: 0.01, tokens: 3000 },
        { costUsd: 0.03, tokens: 1000 },
      ],
      seconds,
    );

    expect(line).to.equal('cost $0.0400, $0.0200 and 2,000 tokens a sentence; p50 10.0 s, p95 19.0 s');
    expect(percentile([], 95)).to.equal(0);
  });
});
