import { GUARDS, type Guard, REMOVALS } from './walk/guards.ts';
import { playWalk } from './walk.ts';

/** One guard taken out, and what the oracle of the walk said then. */
export interface Mutant {
  guard: Guard;
  /** Undefined: this guard was not missed, whatever else was. */
  missed: string | undefined;
  /** Steps until then. */
  steps: number;
}

interface Options {
  seed: number;
  /** A guard that is not missed in so many steps survives. */
  steps: number;
  guards?: readonly Guard[];
}

/** Takes out one guard after the other and walks until the oracle misses it. */
export async function playMutants({ seed, steps, guards = GUARDS }: Options): Promise<Mutant[]> {
  const mutants: Mutant[] = [];
  for (const guard of guards) {
    const { missed: until } = REMOVALS[guard];
    const { violations, steps: taken } = await playWalk({ seed, steps, without: guard, until });
    mutants.push({ guard, missed: violations.find((violation) => violation.startsWith(until)), steps: taken });
  }
  return mutants;
}

export const survivors = (mutants: readonly Mutant[]): Guard[] =>
  mutants.filter(({ missed }) => missed === undefined).map(({ guard }) => guard);

/** The long form: `npm run campaign mutants -- [most steps for each guard] [seed]`. */
export async function campaignMutants([steps = 50_000, seed = 2026]: readonly number[]) {
  const started = performance.now();
  const mutants = await playMutants({ seed, steps });
  const survived = survivors(mutants);
  const lines = [
    `guards that are missed when they are taken out: ${mutants.length - survived.length} of ${mutants.length}`,
    ...mutants.map(({ guard, missed, steps: taken }) => `  ${guard}: ${missed ?? 'NOT MISSED'} (after ${taken} steps)`),
    `seed ${seed}, ${Math.round((performance.now() - started) / 100) / 10} s`,
  ];
  return { lines, held: survived.length === 0 };
}
