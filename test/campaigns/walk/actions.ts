import { approvalKind } from '../../../approvals/approval.ts';
import type { Caller, DecisionCall } from '../../../approvals/call.ts';
import type { CrashPoint } from '../../../approvals/crash.ts';
import { localPeople } from '../../../approvals/people.ts';
import type { Verdict } from '../../../cards/view.ts';
import { newApprovalToken } from '../../../lib/ids.ts';
import type { JsonObject } from '../../../lib/json.ts';
import { update } from '../../../store/store.ts';
import { known } from '../../../tools/aws/simulated/known.ts';
import type { Random } from '../../adapters/slack/seeded.ts';
import { CI, caller } from '../../approvals/house.ts';
import { sdkError } from '../../approvals/recording-aws.ts';
import { INSTANCES } from './estate.ts';
import { type Fate, type Instance, problemOf, type World } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const WAITS = [1, 3, 11, 31, 61, 121, 5 * 60, 8 * 60, 16 * 60, 21 * 60, 61 * 60].map((seconds) => seconds * SECOND);
/** Everybody who may try to decide; a service is to hear no. */
const DECIDERS = ['alice', 'bob', 'carol', 'dave', 'erin', CI.id] as const;

/** The tokens that proposals gave out, by change; nobody else has them. */
export interface Walker {
  world: World;
  random: Random;
  tokens: Map<string, string>;
}

type Act = (walker: Walker) => Promise<void>;

/** One step of the walk: what people, time, AWS and accidents do. The number is how often it is drawn. */
export const ACTIONS: Readonly<Record<string, readonly [weight: number, act: Act]>> = {
  propose: [20, (walker) => propose(walker)],
  'propose much': [2, proposeMuch],
  approve: [26, (walker) => decide(walker, 'approve')],
  'approve with an accident': [14, (walker) => decide(walker, 'approve', drawFate(walker))],
  reject: [4, (walker) => decide(walker, 'reject')],
  cancel: [4, (walker) => decide(walker, 'cancel')],
  'decide at once': [6, decideAtOnce],
  wait: [10, async ({ world, random }) => world.pass(random.pick(WAITS))],
  sweep: [16, sweep],
  'sweep with an accident': [4, (walker) => sweep(walker, drawFate(walker))],
  pause: [2, (walker) => pause(walker, 'walk')],
  resume: [8, (walker) => pause(walker, undefined)],
  relaunch: [3, async ({ world, random }) => world.estate.relaunch(random.pick(INSTANCES))],
  retag: [2, async ({ world, random }) => world.estate.toggleTag(random.pick(INSTANCES))],
  'leave or return': [2, leaveOrReturn],
  forge: [3, forge],
  'break or mend the rules': [4, breakOrMend],
  'write without a permit': [1, strayWrite],
  'killed before its claim': [5, killedBeforeClaim],
  'killed while it calls': [2, killedWhileCalling],
};

const DRAWN = Object.entries(ACTIONS).flatMap(([name, [weight]]) => Array<string>(weight).fill(name));

/** Draws one and does it. A house that was killed in it is started again at once. */
export async function takeStep(walker: Walker): Promise<string> {
  const { world, random } = walker;
  const name = random.pick(DRAWN);
  world.patience = new AbortController();
  await ACTIONS[name]?.[1](walker);
  await goOn(world);
  world.oracle.said = [];
  return name;
}

async function goOn(world: World): Promise<void> {
  await Promise.all(world.instances.map(({ gate }) => gate.idle()));
  for (const [place, instance] of world.instances.entries()) {
    instance.fate = {};
    if (instance.isDead) await world.restart(place);
  }
}

function drawCall(random: Random): { tool: string; input: JsonObject } {
  const reboot = (instance_id: string) => ({ tool: 'reboot_ec2', input: { instance_id } });
  const scale = (service: string, desired_count: number) => ({
    tool: 'scale_ecs_service',
    input: { cluster: 'main', service, desired_count },
  });
  const one = random.below(20);
  if (one < 7) return reboot(random.pick([known.sickInstance, known.healthyInstance]));
  if (one < 11) return reboot(known.productionInstance);
  if (one < 12) return reboot(known.untaggedInstance);
  if (one < 18) return scale('cart', 1 + random.below(4));
  return scale('checkout', 5 + random.below(2));
}

const drawRequester = (random: Random): string =>
  random.pick(['alice', 'alice', 'bob', 'dave', 'erin', 'carol', CI.id]);

async function propose({ world, random, tokens }: Walker, who = drawRequester(random)): Promise<void> {
  const outcome = await random.pick(world.instances).gate.submit(drawCall(random), asking(world, who));
  if (outcome.status === 'pending' && outcome.token) tokens.set(outcome.approvalId, outcome.token);
}

/** More than one person may have waiting. */
async function proposeMuch(walker: Walker): Promise<void> {
  const who = drawRequester(walker.random);
  for (let times = 0; times < 6; times += 1) await propose(walker, who);
}

const asking = (world: World, who: string): Caller => caller(who, { signal: world.patience.signal });

/** Mostly one that is open, and often one that is approved and was not started, so that the walk comes somewhere. */
function drawChange({ world, random }: Walker): string | undefined {
  const all = [...world.oracle.asked];
  const approved = all.filter(([, { state }]) => state === 'approved');
  const open = all.filter(([, { state }]) => state === 'pending' || state === 'approved');
  const [from = all] = [random.below(3) === 0 ? approved : [], random.below(8) > 0 ? open : []].filter(
    ({ length }) => length > 0,
  );
  return from.length > 0 ? random.pick(from)[0] : undefined;
}

/** By id, by card or by token; now and then by a card or a token that is not this change's. */
function pointer({ world, random, tokens }: Walker, id: string): { by: DecisionCall['by']; holds: boolean } {
  const digest = world.oracle.asked.get(id)?.digest ?? '';
  const token = tokens.get(id);
  const one = random.below(20);
  if (one < 1) return { by: { approvalId: id, digest: 'f'.repeat(64) }, holds: false };
  if (one < 2) return { by: { token: newApprovalToken() }, holds: false };
  if (one < 6 && token) return { by: { token }, holds: true };
  return { by: one < 12 ? { approvalId: id, digest } : { approvalId: id }, holds: true };
}

async function say(walker: Walker, { gate }: Instance, id: string, verdict: Verdict, who: string): Promise<void> {
  const { by, holds } = pointer(walker, id);
  const { door, fresh } = drawDoor(walker);
  walker.world.oracle.said.push({ id, who, verdict, holds, fresh });
  await gate.decide({ verdict, by, reason: 'walk' }, { ...asking(walker.world, who), ...door });
}

/** Mostly the console, just after a sign-in; now and then long after it, or a chat. */
function drawDoor({ world, random }: Walker): { door: Partial<Caller>; fresh: boolean } {
  const now = world.clock.now();
  const one = random.below(10);
  if (one > 1) return { door: { auth: 'oidc', signedInAt: now }, fresh: true };
  return { door: one === 0 ? { auth: 'oidc', signedInAt: now - 5 * MINUTE } : { auth: 'signature' }, fresh: false };
}

async function decide(walker: Walker, verdict: Verdict, fate: Fate = {}): Promise<void> {
  const id = drawChange(walker);
  if (id === undefined) return;
  const instance = walker.random.pick(walker.world.instances);
  instance.fate = fate;
  const requester = walker.world.oracle.asked.get(id)?.requester ?? '';
  const who = verdict === 'cancel' && walker.random.below(4) > 0 ? requester : walker.random.pick(DECIDERS);
  await say(walker, instance, id, verdict, who);
}

/** Several people, both houses, the same change or two: all in the same moment. */
async function decideAtOnce(walker: Walker): Promise<void> {
  const { world, random } = walker;
  const ids = [drawChange(walker), drawChange(walker)].filter((id) => id !== undefined);
  if (ids.length === 0) return;
  const clicks = Array.from({ length: 2 + random.below(4) }, () => {
    const verdict = random.pick(['approve', 'approve', 'approve', 'reject', 'cancel'] as const);
    return say(walker, random.pick(world.instances), random.pick(ids), verdict, random.pick(DECIDERS));
  });
  await Promise.all([...clicks, ...(random.below(3) === 0 ? [sweep(walker)] : [])]);
}

async function sweep({ world, random }: Walker, fate: Fate = {}): Promise<void> {
  const instance = random.pick(world.instances);
  instance.fate = { ...instance.fate, ...fate };
  // A house that dies in it, or whose disk is full, leaves the rest to the next.
  await instance.gate.sweep(new AbortController().signal).catch(() => undefined);
}

function drawFate({ world, random }: Walker): Fate {
  const other = random.pick(world.instances);
  return random.pick<() => Fate>([
    () => ({ crash: random.pick(['P5', 'P5', 'P5', 'P6', 'P7', 'P8', 'P9']) }),
    () => ({ awsError: sdkError('UnauthorizedOperation', 403) }),
    () => ({ awsError: sdkError('InternalError', 500, 'server') }),
    () => ({ commitsLeft: random.below(4) }),
    () => ({
      standsStill: async () => {
        world.pass(random.pick([11, 31, 61]) * SECOND);
        await other.gate.sweep(new AbortController().signal).catch(() => undefined);
      },
    }),
  ])();
}

/** Everybody who may say yes to one change, until it runs, in a house that is killed when it comes to one of these points. */
async function approveAndKill(walker: Walker, id: string, points: readonly CrashPoint[]): Promise<void> {
  const instance = walker.random.pick(walker.world.instances);
  instance.fate = { crash: walker.random.pick(points) };
  for (const who of ['bob', 'erin', 'dave']) await say(walker, instance, id, 'approve', who);
  await goOn(walker.world);
}

/** Approved, but not started; then it is late, or somebody takes it back, or a sweep comes. */
async function killedBeforeClaim(walker: Walker): Promise<void> {
  const { world, random } = walker;
  await propose(walker);
  const id = drawChange(walker);
  if (id === undefined) return;
  await approveAndKill(walker, id, ['P5']);
  world.pass(random.pick([1, 3, 121, 121]) * SECOND);
  const verdict = random.pick(['cancel', 'reject', 'none', 'none'] as const);
  const who = verdict === 'cancel' ? world.oracle.asked.get(id)?.requester : 'bob';
  if (verdict === 'none' || who === undefined) await sweep(walker);
  else await say(walker, random.pick(world.instances), id, verdict, who);
}

/** Two calls that nobody knows the end of, perhaps of one target, and a third change that comes then. */
async function killedWhileCalling(walker: Walker): Promise<void> {
  for (let times = 0; times < 2; times += 1) {
    await propose(walker);
    const id = drawChange(walker);
    if (id !== undefined) await approveAndKill(walker, id, ['P6', 'P7', 'P8']);
  }
  for (let times = 0; times < 2; times += 1) await decide(walker, 'approve');
}

async function pause({ world, random }: Walker, reason: string | undefined): Promise<void> {
  const { status } = await random
    .pick(world.instances)
    .gate.pause(reason, asking(world, random.pick(['bob', 'alice'])));
  if (status === 'done') world.paused = reason !== undefined;
}

async function leaveOrReturn({ world: { people }, random }: Walker): Promise<void> {
  const absent = localPeople.filter((person) => !people.includes(person));
  if (absent.length > 0) people.push(...absent);
  else people.splice(random.below(people.length), 1);
}

/** The file of people or rules can no longer be read, and soon after it can. */
async function breakOrMend({ world, random }: Walker): Promise<void> {
  world.rules = world.rules === 'readable' && random.below(6) === 0 ? 'unreadable' : 'readable';
  for (const { house } of world.instances) house.problem = problemOf(world.rules);
}

/** Somebody writes another target or another number into the row. */
async function forge(walker: Walker): Promise<void> {
  const { world, random } = walker;
  const id = drawChange(walker);
  const row = id === undefined ? undefined : await world.raw.get(approvalKind, id);
  if (!row || !['pending', 'approved'].includes(row.value.state)) return;
  const { plan } = row.value;
  const params = random.pick<JsonObject>([
    { ...plan.params, region: 'us-east-1' },
    { ...plan.params, reason: 'forged' },
  ]);
  await world.raw.transact([update(approvalKind, row, { ...row.value, plan: { ...plan, params } })]);
}

/** What no tool does: a call that changes AWS from a scope that was opened for reading. */
async function strayWrite({ world, random }: Walker): Promise<void> {
  const { parts } = random.pick(world.instances).house;
  const { signal } = new AbortController();
  const aws = await parts.aws.open({ correlationId: 'corr-stray', signal });
  const ec2 = await aws.client('ec2');
  // Refused by its permit; whether it left all the same, the oracle sees.
  await ec2.rebootInstances({ InstanceIds: [known.sickInstance] }).catch(() => undefined);
}

/** Nobody comes any more: time passes and sweeps go on until every change has ended. */
export async function comeToRest({ world }: Walker): Promise<void> {
  for (let round = 0; round < 8; round += 1) {
    world.pass(round < 2 ? 31 * SECOND : 21 * MINUTE);
    for (const { gate } of world.instances) await gate.sweep(new AbortController().signal);
    await Promise.all(world.instances.map(({ gate }) => gate.idle()));
  }
}
