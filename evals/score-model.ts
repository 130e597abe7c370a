import { openModel } from '../bot/llm/open-model.ts';
import { pricesOf } from '../bot/llm/prices.ts';
import { systemClock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import { silentLog } from '../lib/log.ts';
import { figures } from './figures.ts';
import type { Heard } from './heard.ts';
import type { Subject } from './house.ts';
import type { HeardVerdict } from './judge-heard.ts';
import { FAULTS } from './judge-scenario.ts';
import { type RunScenario, type RunSentence, runScenarios, runSentences } from './run-model.ts';
import { scenarios } from './scenarios.ts';
import type { Sentence } from './sentence.ts';
import { percent, table } from './table.ts';

const VERDICTS: readonly HeardVerdict[] = ['right', 'wrong-tool', 'wrong-argument', 'wrong-end', 'wrong-write', 'away'];

/**
 * The model that the configuration names; undefined when it names none.
 *
 * @throws OpsError `config_invalid` for a model without a known price: what the evaluation costs could not be said
 */
export function openSubject(config: Config): Subject | undefined {
  const model = openModel(config, { clock: systemClock, log: silentLog });
  if (!model) return undefined;
  const prices = pricesOf(config.LLM_MODEL ?? '', config.LLM_PRICE);
  if (prices) return { model, prices };
  throw new OpsError('config_invalid', `What ${config.LLM_MODEL} costs is not known.`, {
    hint: 'Set LLM_PRICE to <input>/<output> in USD per million tokens, for example 2/10.',
  });
}

/** The report of a model, and whether it may not pass: a wrong write, or not one answer. */
export async function scoreModel(
  subject: Subject,
  sample: readonly Sentence[],
): Promise<{ text: string; failed: boolean }> {
  const said = await runSentences(subject, sample);
  // A model that is not there would make each scenario wait for nothing.
  if (said.length > 0 && said.every(({ verdict }) => verdict === 'away'))
    return { text: sentenceReport(subject, said), failed: true };
  const played = await runScenarios(subject, scenarios);
  const wrongWrites =
    said.filter(({ verdict }) => verdict === 'wrong-write').length +
    played.filter(({ faults }) => faults.includes('wrong-write')).length;
  return { text: `${sentenceReport(subject, said)}\n\n${scenarioReport(played)}`, failed: wrongWrites > 0 };
}

export function sentenceReport({ model }: Pick<Subject, 'model'>, said: readonly RunSentence[]): string {
  const right = said.filter(({ verdict }) => verdict === 'right').length;
  const rows = said.map(({ sentence, verdict }) => ({ category: sentence.category, columns: [verdict] }));
  return [
    `${model.name}: ${said.length} sentences, ${percent(right, said.length)} right`,
    figures(
      'sentence',
      said.map(({ taken }) => taken),
      said.map(({ heard }) => heard.seconds),
    ),
    table(VERDICTS, rows),
    ...said.filter(({ verdict }) => verdict !== 'right').map(explainSentence),
  ].join('\n');
}

export function scenarioReport(played: readonly RunScenario[]): string {
  const right = played.filter(({ faults }) => faults.length === 0).length;
  const rows = played.map(({ scenario, faults }) => ({
    category: scenario.name,
    columns: faults.length === 0 ? (['right'] as const) : faults,
  }));
  const seconds = played.flatMap(({ heard }) => heard.map((one) => one.seconds));
  return [
    `${played.length} scenarios, ${percent(right, played.length)} right`,
    figures(
      'scenario',
      played.map(({ taken }) => taken),
      seconds,
    ),
    table(['right', ...FAULTS], rows),
    ...played.filter(({ faults }) => faults.length > 0).map(explainScenario),
  ].join('\n');
}

function explainSentence({ sentence, heard, verdict }: RunSentence): string {
  const expected = JSON.stringify(sentence.expected).slice(0, 300);
  return `\n${verdict}: ${sentence.text.slice(0, 160)}\n  expected ${expected}\n${cameTo(heard)}`;
}

function explainScenario({ scenario, heard, faults }: RunScenario): string {
  const turns = heard.map((one, place) => `  said     ${scenario.steps[place]?.says}\n${cameTo(one)}`);
  return [`\n${faults.join(', ')}: ${scenario.name}`, ...turns].join('\n');
}

function cameTo({ asked, end }: Heard): string {
  const answer = end.text.replace(/\s+/g, ' ').slice(0, 600);
  return `  asked    ${JSON.stringify(asked).slice(0, 600)}\n  answered ${answer}`;
}
