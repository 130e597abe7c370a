import { systemClock } from '../../lib/clock.ts';
import { type Random, seeded } from '../adapters/slack/seeded.ts';
import { ALICE } from '../e2e/opsagent.ts';
import { type Act, Decided, openTrack, Proposed, type Runner } from '../e2e/race-track.ts';
import { crowd } from '../e2e/workers/crowd.ts';
import { brokenTally, type Raced, type Tally, tally } from './races/outcome.ts';

type RaceSabotage = 'a store without conditions';

export interface RaceFigures extends Tally {
  seed: number;
  seconds: number;
  rounds: number;
  /** People who press in each round, and the processes that they share. */
  approvers: number;
  processes: number;
  /** Rounds in which some of them reject. */
  mixed: number;
  /** Rounds in which not exactly one press counted where all approved. */
  miscounted: string[];
  /** Why the audit chain is not whole; undefined: it is. */
  chain: string | undefined;
  records: number;
}

interface Options {
  seed: number;
  rounds: number;
  approvers: number;
  processes: number;
  /** A table that is there; left out, a SQLite file. */
  dynamodb?: { table: string; url: string };
  sabotage?: RaceSabotage;
}

/** Long enough for every process to have read the first message, and to spin. */
const BARRIER_MS = 8;
const LATEST_MS = 100;
/** Of so many rounds one has people in it who reject. */
const ONE_IN = 4;

interface Round extends Raced {
  id: string;
  rejecters: number;
  counted: number;
}

/** In each round many people decide one change in the same moment, in processes of their own, by button or by token. */
export async function playRaces({ sabotage, dynamodb, ...options }: Options): Promise<RaceFigures> {
  const started = performance.now();
  const track = await openTrack({ careless: sabotage !== undefined, dynamodb, holdMs: 1 });
  const runners: Runner[] = [...track.runners];
  while (runners.length < options.processes) runners.push(await track.join());
  const random = seeded(options.seed);
  const rounds: Round[] = [];
  for (let n = 0; n < options.rounds; n += 1) rounds.push(await race(random, runners, options.approvers, n));
  for (const round of rounds) round.state = (await track.approval(round.id)).state;
  const { firstBad, records } = await track.chain();
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const figures = {
    ...{ ...options, ...tally(rounds, track.reboots()), seconds, records, chain: firstBad?.because },
    mixed: rounds.filter(({ rejecters }) => rejecters > 0).length,
    miscounted: rounds.flatMap((round) => miscounted(round)),
  };
  await track.stop();
  return figures;
}

async function race(random: Random, runners: readonly Runner[], approvers: number, n: number): Promise<Round> {
  const instance = `i-0${n.toString(16).padStart(14, '0')}00`;
  const home = runners[n % runners.length];
  const change = Proposed.parse(await home?.act(ALICE, { do: 'propose', instance, reason: 'a race' }));
  const rejecters = random.below(ONE_IN) === 0 ? 1 + random.below(approvers / 4) : 0;
  const shift = random.below(approvers);
  const at = Date.now() + BARRIER_MS;
  const presses = crowd.slice(0, approvers).map(async ({ id }, seat) => {
    const rejects = (seat + shift) % approvers < rejecters;
    const by = random.below(3) === 0 ? { token: change.token } : { approvalId: change.id, digest: change.digest };
    const act: Act = { do: 'decide', verdict: rejects ? 'reject' : 'approve', by };
    // At the barrier a rejection would win every time: it counts until the change is claimed.
    const late = rejects ? random.below(LATEST_MS) : 0;
    if (late > 0) await systemClock.sleep(BARRIER_MS + late);
    return Decided.parse(await runners[seat % runners.length]?.act(id, act, at));
  });
  const counted = (await Promise.all(presses)).filter(({ status }) => status !== 'denied').length;
  return { instance, id: change.id, state: 'pending', rejecters, counted };
}

/** Of those who approve one is heard. Where some reject, one may approve and another still take it back. */
function miscounted({ instance, rejecters, counted }: Round): string[] {
  const most = rejecters > 0 ? 2 : 1;
  return counted >= 1 && counted <= most ? [] : [`${instance}: ${counted} presses counted`];
}

/** What came to light, one line each. */
export const brokenRaces = (figures: RaceFigures): string[] => [
  ...brokenTally(figures),
  ...figures.miscounted,
  ...(figures.chain === undefined ? [] : [`the chain is broken: ${figures.chain}`]),
];
