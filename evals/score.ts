import { parseArgs } from 'node:util';
import { readConfig } from '../lib/config.ts';
import { asOpsError, OpsError } from '../lib/errors.ts';
import { heldOut } from './held-out.ts';
import { understand } from './house.ts';
import { forModel, sampleOf } from './sample.ts';
import { openSubject, scoreModel } from './score-model.ts';
import { scorePhrases } from './score-phrases.ts';
import { sentences } from './sentences.ts';

const say = (text: string) => process.stdout.write(`${text}\n\n`);

/**
 * `npm run eval`: the phrase matcher always, and the model when the environment sets one up. Exit 1 with a single wrong write of
 * either, with a matcher below 95 %, or with a model that never answered.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'hide-held-out': { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      sample: { type: 'string', default: '60' },
    },
  });
  const most = values.all ? Number.POSITIVE_INFINITY : sampleSize(values.sample);
  const phrases = scorePhrases({ hideHeldOut: values['hide-held-out'] });
  say(phrases.text);
  const subject = openSubject(await readConfig());
  if (!subject) {
    say('No model was scored: LLM_PROVIDER and its keys set one up, as .env.example says.');
    return phrases.failed ? 1 : 0;
  }
  const all = values['hide-held-out'] ? sentences : [...sentences, ...heldOut];
  const list = forModel(all, (text) => understand(text, { now: Date.now() }));
  const model = await scoreModel(subject, sampleOf(list, most));
  say(model.text);
  return phrases.failed || model.failed ? 1 : 0;
}

function sampleSize(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new OpsError('input_invalid', `--sample ${text} is no number of sentences.`, {
    hint: 'Say --sample 60, or --all for every sentence.',
  });
}

try {
  process.exitCode = await main();
} catch (thrown) {
  const { message, hint } = asOpsError(thrown);
  process.stderr.write(`${message}\n${hint}\n`);
  process.exitCode = 1;
}
