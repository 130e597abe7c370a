import { Plan, planDigest } from '../../approvals/plan.ts';
import { type Random, seeded } from '../adapters/slack/seeded.ts';
import { plan as handMade } from '../approvals/changes.ts';
import { CALLS, createHouse, propose, stored } from '../approvals/house.ts';
import { runForged } from './digest/forged-rows.ts';
import { MUTATIONS, mutate, rewritten } from './digest/mutations.ts';

/** What is spoiled: the digest leaves out a field of the plan, or the gate believes the digest of whatever plan it reads. */
export type DigestSabotage = { without: keyof Plan } | 'digest not compared';

export interface DigestFigures {
  seed: number;
  seconds: number;
  mutations: number;
  /** Mutated plans that have the digest of the plan people saw. */
  accepted: string[];
  rewritten: number;
  /** The same plan, written in another way, whose digest differs. */
  rejected: string[];
  /** Changes whose stored row was forged before the gate read it again. */
  forged: number;
  /** Of them, those that the schema of the row would let through, so that only the digest stands in the way. */
  wellFormed: number;
  executed: string[];
  /** Changes whose row was only written in another way. */
  kept: number;
  refused: string[];
  /** Fields of the plan that some mutation hit, and kinds of mutation that were made. */
  fields: Set<string>;
  kinds: Set<string>;
}

interface Options {
  seed: number;
  /** Mutations, and as many rewritings. */
  cases: number;
  /** Of each of the two, those that go through the gate with a forged row. */
  forged: number;
  sabotage?: DigestSabotage;
}

/** Mutated and rewritten plans against the digest alone, then rows that are forged behind the gate's back. */
export async function playDigest({ seed, cases, forged, sabotage }: Options): Promise<DigestFigures> {
  const started = performance.now();
  const figures: DigestFigures = {
    ...{ seed, seconds: 0, mutations: cases, rewritten: cases, forged, wellFormed: 0, kept: forged },
    ...{ accepted: [], rejected: [], executed: [], refused: [] },
    ...{ fields: new Set(), kinds: new Set() },
  };
  const random = seeded(seed);
  compareDigests(random, await somePlans(), figures, digestOf(sabotage));
  const check = sabotage === 'digest not compared' ? 'off' : 'on';
  for (let number = 0; number < forged; number += 1) await forgeOnce(random, figures, check);
  return { ...figures, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

function digestOf(sabotage: DigestSabotage | undefined): (plan: Plan) => string {
  if (sabotage === undefined || typeof sabotage === 'string') return planDigest;
  return (plan) => {
    const { [sabotage.without]: _left, ...rest } = plan;
    return planDigest(rest as Plan);
  };
}

/** As the gate makes them, of every risk, and one in which every field stands. */
async function somePlans(): Promise<Plan[]> {
  const house = await createHouse();
  const plans = [handMade];
  for (const call of Object.values(CALLS)) {
    const input = { ...call.input, reason: 'it hangs' };
    plans.push((await stored(house, (await propose(house, { ...call, input })).id)).plan);
  }
  await house.store.close();
  return plans;
}

function compareDigests(
  random: Random,
  plans: readonly Plan[],
  figures: DigestFigures,
  digest: (plan: Plan) => string,
): void {
  const digests = new Map(plans.map((plan) => [plan, digest(plan)]));
  for (let number = 0; number < figures.mutations; number += 1) {
    const plan = random.pick(plans);
    const { plan: mutant, kind, field, path } = mutate(random, plan);
    figures.fields.add(field);
    figures.kinds.add(kind);
    if (accepts(digest, mutant, digests.get(plan))) figures.accepted.push(`${kind}: ${path}`);
    const same = rewritten(random, plan);
    if (digest(same) !== digests.get(plan)) figures.rejected.push(JSON.stringify(same));
  }
}

/** A plan that has no canonical text has no digest either, and runs as little as one with another digest. */
function accepts(digest: (plan: Plan) => string, mutant: Plan, wanted: string | undefined): boolean {
  try {
    return digest(mutant) === wanted;
  } catch {
    return false;
  }
}

async function forgeOnce(random: Random, figures: DigestFigures, check: 'on' | 'off'): Promise<void> {
  let what = '';
  const calls = await runForged(
    random,
    (chance, plan) => {
      const mutation = mutate(chance, plan);
      what = `${mutation.kind}: ${mutation.path}`;
      if (Plan.safeParse(mutation.plan).success) figures.wellFormed += 1;
      return mutation.plan;
    },
    check,
  );
  if (calls > 0) figures.executed.push(what);
  if ((await runForged(random, rewritten, check)) !== 1) figures.refused.push('the same plan, written in another way');
}

/** What came to light, one line each. */
export function brokenDigests({ accepted, rejected, executed, refused, fields, kinds }: DigestFigures): string[] {
  const missed = Object.keys(Plan.shape).filter((field) => !fields.has(field));
  const unmade = MUTATIONS.filter((kind) => !kinds.has(kind));
  return [...accepted, ...rejected, ...executed, ...refused, ...missed, ...unmade];
}

const count = (number: number): string => number.toLocaleString('en-US');

/** The long form. `npm run campaign digest -- [mutations] [seed]`; one of a hundred goes through the gate, 200 at least. */
export async function campaignDigest([cases = 100_000, seed = 2026]: readonly number[]) {
  const forged = Math.max(200, Math.round(cases / 100));
  const figures = await playDigest({ seed, cases, forged });
  const lines = [
    `mutated plans accepted: ${figures.accepted.length} of ${count(figures.mutations)} by the digest`,
    `  executed with a forged row: ${figures.executed.length} of ${count(figures.forged)} through the gate, ${count(figures.wellFormed)} of them well-formed`,
    `plans written in another way rejected: ${figures.rejected.length} of ${count(figures.rewritten)} by the digest`,
    `  not executed with a rewritten row: ${figures.refused.length} of ${count(figures.kept)} through the gate`,
    `fields of the plan: ${Object.keys(Plan.shape).filter((field) => figures.fields.has(field)).length} of ${Object.keys(Plan.shape).length}; kinds of mutation: ${figures.kinds.size} of ${MUTATIONS.length}`,
    `seed ${seed}, ${figures.seconds} s`,
    ...brokenDigests(figures)
      .slice(0, 20)
      .map((line) => `  ${line}`),
  ];
  return { lines, held: brokenDigests(figures).length === 0 };
}
