import type { Spent } from '../bot/llm/usage.ts';
import { systemClock } from '../lib/clock.ts';
import { catalog } from '../tools/catalog.ts';
import type { Taken } from './figures.ts';
import type { Heard } from './heard.ts';
import { openEvalHouse, REGION, type Subject, understand } from './house.ts';
import { type HeardVerdict, judgeHeard } from './judge-heard.ts';
import { type Fault, judgeScenario } from './judge-scenario.ts';
import type { Scenario } from './scenario.ts';
import type { Sentence } from './sentence.ts';

const tools = new Map(catalog.map((tool) => [tool.name, tool]));
const groundNow = () => ({ region: REGION, now: systemClock.now() });

export interface RunSentence {
  sentence: Sentence;
  heard: Heard;
  verdict: HeardVerdict;
  taken: Taken;
}

export interface RunScenario {
  scenario: Scenario;
  heard: readonly Heard[];
  faults: readonly Fault[];
  taken: Taken;
}

/** One after the other, so that seconds are those of a person who is alone, and the vendor's limits are not reached. */
export async function runSentences(subject: Subject, sentences: readonly Sentence[]): Promise<RunSentence[]> {
  const all: RunSentence[] = [];
  for (const sentence of sentences) all.push(await runSentence(subject, sentence));
  return all;
}

export async function runScenarios(subject: Subject, scenarios: readonly Scenario[]): Promise<RunScenario[]> {
  const all: RunScenario[] = [];
  for (const scenario of scenarios) all.push(await runScenario(subject, scenario));
  return all;
}

async function runSentence(subject: Subject, sentence: Sentence): Promise<RunSentence> {
  const house = await openEvalHouse(subject);
  try {
    const heard = await house.say(sentence.text);
    return {
      ...{ sentence, heard, verdict: judgeHeard(sentence, heard, tools, groundNow()) },
      taken: takenOf(await house.spent()),
    };
  } finally {
    await house.close();
  }
}

async function runScenario(subject: Subject, scenario: Scenario): Promise<RunScenario> {
  const house = await openEvalHouse(subject, scenario.stage);
  try {
    const heard: Heard[] = [];
    for (const { says } of scenario.steps) heard.push(await house.say(says));
    return {
      ...{ scenario, heard, taken: takenOf(await house.spent()) },
      faults: judgeScenario(scenario, heard, { tools, understand, ground: groundNow() }),
    };
  } finally {
    await house.close();
  }
}

function takenOf({ tokens, costUsd }: Omit<Spent, 'calls'>): Taken {
  return { costUsd, tokens: tokens.input + tokens.cacheRead + tokens.cacheWrite + tokens.output };
}
