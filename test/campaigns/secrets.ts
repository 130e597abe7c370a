import type { TurnResult } from '../../bot/turn.ts';
import { factsWithoutSecrets, type Log } from '../../lib/log.ts';
import { createTelemetry } from '../../lib/telemetry.ts';
import { seeded } from '../adapters/slack/seeded.ts';
import { calls, scriptedModel, words } from '../bot/llm/scripted-model.ts';
import { type Canary, drawCanary, formsOf, holdsAny } from './captured/canaries.ts';
import { openCapturedHouse } from './captured/captured-house.ts';
import { ORIGINS } from './secrets/origins.ts';
import { SINKS, type SinkName, sinksOf } from './secrets/sinks.ts';

export type SecretsSabotage = 'Buffers are not redacted' | 'facts are logged without their names';

export interface SecretFigures {
  seed: number;
  seconds: number;
  /** Secrets that were brought in, by origin. */
  planted: Map<string, number>;
  kinds: Set<string>;
  /** In how many houses the harmless word beside a secret came as far as this place: it is looked at for good reason. */
  reached: Map<SinkName, number>;
  leaks: string[];
}

interface Options {
  seed: number;
  /** Houses; each gets a secret of its own at every origin. */
  houses: number;
  sabotage?: SecretsSabotage;
}

/** Brings secrets in wherever anything from outside can come in, and looks for them wherever anything goes out. */
export async function playSecrets({ seed, houses, sabotage }: Options): Promise<SecretFigures> {
  const started = performance.now();
  const random = seeded(seed);
  const figures: SecretFigures = {
    ...{ seed, seconds: 0, planted: new Map(), kinds: new Set(), reached: new Map(), leaks: [] },
  };
  for (let house = 0; house < houses; house += 1) await playHouse(random, figures, sabotage);
  return { ...figures, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

async function playHouse(
  random: ReturnType<typeof seeded>,
  figures: SecretFigures,
  sabotage: SecretsSabotage | undefined,
) {
  const model = scriptedModel(({ messages }) => {
    const hasRead = messages.at(-1)?.content.some(({ kind }) => kind === 'result') ?? false;
    return hasRead ? words('I had a look.') : calls(['list_ec2_instances', {}], ['list_alarms', {}]);
  });
  const house = await openCapturedHouse({ model, said: () => '', seen: (_source, answer) => answer });
  const telemetry = await createTelemetry({ version: '0.0.0', mode: 'LOCAL_MOCK' });
  house.parts.telemetry = telemetry;
  if (sabotage) house.parts.log = spoiledLog(house.witness.lines, sabotage);
  const errors: string[] = [];
  const answers: TurnResult[] = [];
  const planted: [origin: string, canary: Canary][] = [];
  for (const [name, origin] of Object.entries(ORIGINS)) {
    const canary = drawCanary(random);
    const answered = await origin({ house, random, errors }, canary);
    if (isTurnResult(answered)) answers.push(answered);
    await house.settle();
    planted.push([name, canary]);
  }
  await house.gate.idle();
  await house.settle();
  const sinks = await sinksOf({ house, model, telemetry, errors, answers });
  await house.store.close();
  for (const [name, { kind, secret }] of planted) {
    figures.kinds.add(kind);
    figures.planted.set(name, (figures.planted.get(name) ?? 0) + 1);
    const found = SINKS.filter((sink) => holdsAny(sinks[sink], formsOf(secret)));
    figures.leaks.push(...found.map((sink) => `${kind} from ${name} in ${sink}`));
  }
  for (const sink of SINKS)
    if (planted.some(([, { word }]) => sinks[sink].includes(word)))
      figures.reached.set(sink, (figures.reached.get(sink) ?? 0) + 1);
}

const isTurnResult = (value: unknown): value is TurnResult =>
  typeof value === 'object' && value !== null && 'outcome' in value && 'correlationId' in value;

/** As the log was before somebody thought of bytes, or of the names of facts. */
function spoiledLog(lines: string[], sabotage: SecretsSabotage): Log {
  const nameless = (facts: object) => Object.values(facts).map((value) => factsWithoutSecrets({ value }));
  const asNumbers = (facts: object) => JSON.parse(JSON.stringify(facts).replaceAll('"type":"Buffer",', '')) as object;
  const write = (facts: object) =>
    sabotage === 'Buffers are not redacted' ? factsWithoutSecrets(asNumbers(facts)) : nameless(facts);
  const line = (facts: object, message: string) => void lines.push(JSON.stringify([write(facts), message]));
  return { debug: line, info: line, warn: line, error: line };
}

export const countPlanted = ({ planted }: SecretFigures): number =>
  [...planted.values()].reduce((sum, number) => sum + number, 0);

/** The long form: `npm run campaign secrets -- [houses] [seed]`. */
export async function campaignSecrets([houses = 70, seed = 2026]: readonly number[]) {
  const figures = await playSecrets({ seed, houses });
  const { leaks, planted, kinds, reached, seconds } = figures;
  const lines = [
    `secrets outside their origin: ${leaks.length} of ${countPlanted(figures).toLocaleString('en-US')}`,
    `  ${planted.size} origins, ${kinds.size} kinds of secret, ${SINKS.length} places`,
    ...SINKS.map((sink) => `  ${sink}: a harmless word came there in ${reached.get(sink) ?? 0} of ${houses} houses`),
    `seed ${seed}, ${seconds} s`,
    ...[...new Set(leaks)].slice(0, 30).map((line) => `  ${line}`),
  ];
  return { lines, held: leaks.length === 0 };
}
