import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Approval } from '../../approvals/approval.ts';
import { createLiveAws } from '../../tools/aws/live.ts';
import { type Random, seeded } from '../adapters/slack/seeded.ts';
import { createHouse, decide, type House, propose, stored } from '../approvals/house.ts';
import { type Oracle, startOracle } from '../e2e/aws-oracle.ts';
import { DOUBTFUL, REFUSED, treatmentOf } from '../e2e/workers/treatments.ts';
import { movableClock } from '../store/movable-clock.ts';
import { retryingAws } from './ambiguous/retrying-aws.ts';

type AmbiguousSabotage = "the SDK's default attempts";

/** How calls that ended in one way came out. */
interface Ending {
  calls: number;
  resent: number;
  /** What people were told in the end. */
  states: Map<Approval['state'], number>;
}

export interface AmbiguousFigures {
  seed: number;
  seconds: number;
  /** By how AWS, or the network, treated the call. */
  endings: Map<string, Ending>;
  /** Calls whose outcome nobody at this end can know, and what was sent for them in all. */
  doubtful: number;
  requests: number;
  /** Calls that AWS surely did not carry out; the SDK would try the throttled ones again. */
  refused: number;
  /** Calls that reached AWS another time. */
  resent: string[];
  /** Calls of which something was told that is not so, or that ended without being told. */
  mistold: string[];
}

interface Options {
  seed: number;
  /** At least so many doubtful calls, and about a sixth as many refused ones. */
  calls: number;
  sabotage?: AmbiguousSabotage;
}

const REGION = 'eu-west-1';
/** Changes that execute at the same time in one house. */
const WAVE = 14;
/** A write that is not answered is given up after this: little time for a campaign, and more than the SDK waits before it tries again. */
const DEADLINES = { readMs: 10_000, writeMs: 1_000 };
const SETTINGS = { limits: { per_hour: 1_000_000, concurrent: 20, cooldown_minutes: 0, pending_per_person: 100 } };
/** Beyond the 20 minutes after which nobody looks any more, in steps in which evidence is looked for. */
const LOOKS = 45;
const LOOK_EVERY_MS = 31_000;

/** Approved reboots whose call ends in doubt, through the real SDK against a server that counts; then time passes, and processes start anew. */
export async function playAmbiguous({ seed, calls, sabotage }: Options): Promise<AmbiguousFigures> {
  const started = performance.now();
  const figures: AmbiguousFigures = {
    ...{ seed, seconds: 0, endings: new Map(), doubtful: 0, requests: 0, refused: 0 },
    ...{ resent: [], mistold: [] },
  };
  const folder = mkdtempSync(join(tmpdir(), 'opsagent-ambiguous-'));
  const oracle = await startOracle(join(folder, 'aws.jsonl'), 1);
  const random = seeded(seed);
  process.env.AWS_ACCESS_KEY_ID ??= 'testing';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'testing';
  const ended: [id: string, approval: Approval][] = [];
  for (let wave = 0; figures.doubtful < calls; wave += 1) {
    const ids = instancesOf(random, wave);
    figures.doubtful += ids.filter((id) => !(id.slice(-2) in REFUSED)).length;
    ended.push(...(await ride(oracle, ids, sabotage)));
  }
  judge(figures, ended, oracle);
  await oracle.stop();
  rmSync(folder, { recursive: true });
  return { ...figures, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

/** Every way to end once, in any order. */
function instancesOf(random: Random, wave: number): string[] {
  const endings = [...Object.keys(DOUBTFUL), ...Object.keys(REFUSED)];
  const ids: string[] = [];
  for (let n = 0; n < WAVE; n += 1) {
    const [ending = ''] = endings.splice(random.below(endings.length), 1);
    ids.push(`i-0${(wave * WAVE + n).toString(16).padStart(14, '0')}${ending}`);
  }
  return ids;
}

async function ride(oracle: Oracle, ids: string[], sabotage?: AmbiguousSabotage): Promise<[string, Approval][]> {
  const clock = movableClock(Date.now());
  const house = await openHouse(oracle.url, { clock }, sabotage);
  const changes = await Promise.all(ids.map((instance_id) => reboot(house, instance_id)));
  for (let look = 0; look < LOOKS; look += 1) {
    clock.setNow(clock.clock.now() + LOOK_EVERY_MS);
    // Each look is made by a process that has just started, and by one that remembers.
    const started = await openHouse(oracle.url, { clock, store: house.store }, sabotage);
    const signal = new AbortController().signal;
    await Promise.all([house, started].map(({ gate }) => gate.sweep(signal)));
    const open = await Promise.all(changes.map((id) => stored(house, id)));
    if (look > 2 && open.every(({ state }) => state !== 'unknown')) break;
  }
  const ends = await Promise.all(changes.map((id) => stored(house, id)));
  await house.store.close();
  return ends.map((approval, n) => [ids[n] ?? '', approval]);
}

type Shared = Pick<NonNullable<Parameters<typeof createHouse>[0]>, 'clock' | 'store'>;

async function openHouse(endpointUrl: string, shared: Shared, sabotage?: AmbiguousSabotage): Promise<House> {
  const house = await createHouse({ ...shared, mode: 'SANDBOX_LIVE', settings: SETTINGS });
  const options = { endpointUrl, deadlines: DEADLINES };
  const live = createLiveAws({ mode: 'SANDBOX_LIVE', defaultRegion: REGION, ...options });
  house.parts.aws = sabotage ? retryingAws({ live, region: REGION, ...options }) : live;
  return house;
}

async function reboot(house: House, instance_id: string): Promise<string> {
  const { id } = await propose(house, { tool: 'reboot_ec2', input: { instance_id, reason: 'it hangs' } });
  await decide(house, 'bob', id);
  return id;
}

function judge(figures: AmbiguousFigures, ended: readonly [string, Approval][], oracle: Oracle): void {
  const requests = oracle.requests();
  for (const [instance, approval] of ended) {
    const { what } = treatmentOf(instance);
    const sent = requests.get(instance) ?? 0;
    const isRefused = instance.slice(-2) in REFUSED;
    if (isRefused) figures.refused += 1;
    else figures.requests += sent;
    note(figures, what, sent, approval.state);
    if (sent > 1) figures.resent.push(`${what}: ${instance} was sent ${sent} times`);
    if (sent === 0) figures.mistold.push(`${what}: ${instance} was never sent: ${approval.outcome?.error?.message}`);
    if (!isTrue(instance, approval.state)) figures.mistold.push(`${what}: ${instance} ended as ${approval.state}`);
  }
}

function note({ endings }: AmbiguousFigures, what: string, sent: number, state: Approval['state']): void {
  const ending = endings.get(what) ?? { calls: 0, resent: 0, states: new Map() };
  endings.set(what, ending);
  ending.calls += 1;
  ending.resent += Math.max(0, sent - 1);
  ending.states.set(state, (ending.states.get(state) ?? 0) + 1);
}

/** CloudTrail has what was made. Of what was not made nothing is found: nobody knows, and that is what has to be said. */
function isTrue(instance: string, state: Approval['state']): boolean {
  if (instance.slice(-2) in REFUSED) return state === 'failed';
  return state === (treatmentOf(instance).made ? 'succeeded' : 'closed_unknown');
}

/** What came to light, one line each. */
export const brokenCalls = ({ resent, mistold }: AmbiguousFigures): string[] => [...resent, ...mistold];

const count = (number: number): string => number.toLocaleString('en-US');

/** Of each way to end so many calls are enough to see that the SDK's own retries are noticed. */
const SABOTAGED_CALLS = 60;

/** The long form: `npm run campaign ambiguous -- [calls] [seed]`. */
export async function campaignAmbiguous([calls = 1_200, seed = 2026]: readonly number[]) {
  const figures = await playAmbiguous({ seed, calls });
  const spoiled = await playAmbiguous({ seed, calls: SABOTAGED_CALLS, sabotage: "the SDK's default attempts" });
  const all = figures.doubtful + figures.refused;
  const lines = [
    `resent by itself: ${figures.resent.length} of ${count(figures.doubtful)} calls in doubt, for which ${count(figures.requests)} requests arrived; ${figures.refused} refused calls beside them`,
    `told otherwise than it was: ${figures.mistold.length} of ${count(all)}`,
    ...[...figures.endings].sort().map(([what, ending]) => `  ${what}: ${inWords(ending)}`),
    `seed ${seed}, ${figures.seconds} s, a fake AWS`,
    `with the SDK's default attempts: ${spoiled.resent.length} of ${spoiled.doubtful + spoiled.refused} sent again, ${spoiled.seconds} s`,
    ...brokenCalls(figures)
      .slice(0, 20)
      .map((line) => `  ${line}`),
  ];
  return { lines, held: brokenCalls(figures).length === 0 && spoiled.resent.length > 0 };
}

const inWords = ({ calls, resent, states }: Ending): string =>
  [`${calls} calls, ${resent} resent`, ...[...states].map(([state, times]) => `${state} ${times}`)].join(', ');
