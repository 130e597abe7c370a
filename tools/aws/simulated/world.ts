import type { Change } from './changes.ts';
import type { AlarmSpec, Estate, InstanceSpec, ServiceSpec, TargetGroupSpec } from './estate.ts';

/** One Region at one moment: nothing but the seed, the clock and the stored changes decides what it looks like. */
export interface World {
  readonly seed: number;
  readonly now: number;
  readonly estate: Estate;
  /** By instance id or `cluster/service`, oldest first. */
  readonly histories: ReadonlyMap<string, readonly Change[]>;
}

const REBOOT_MS = 4_000;
const FIRST_HEALTH_CHECKS_MS = 4_000;
const SCALE_MS = 6_000;
const ALARM_LAG_MS = 60_000;
/** A sick service lacks this many tasks. */
const MISSING_TASKS = 2;

/** Epoch ms of the reboots at or before `at`, oldest first. */
export function rebootsOf(world: World, instance: InstanceSpec, at = world.now): number[] {
  return (world.histories.get(instance.id) ?? []).map((change) => change.at).filter((time) => time <= at);
}

export function isSick(world: World, instance: InstanceSpec, at = world.now): boolean {
  return instance.sick && instance.state === 'running' && rebootsOf(world, instance, at).length === 0;
}

/** `impaired` and `initializing` as DescribeInstanceStatus says them. */
export function statusCheckOf(world: World, instance: InstanceSpec): 'ok' | 'impaired' | 'initializing' {
  const last = rebootsOf(world, instance).at(-1);
  if (last !== undefined && world.now < last + REBOOT_MS) return 'initializing';
  return isSick(world, instance) ? 'impaired' : 'ok';
}

export interface ServiceState {
  desired: number;
  running: number;
  /** Enough tasks, and enough time since the last update. */
  steady: boolean;
  sick: boolean;
  /** Epoch ms of the last update. */
  updatedAt?: number;
}

export function serviceAt(world: World, service: ServiceSpec, at = world.now): ServiceState {
  let desired = service.desired;
  let from = steadyRunning(service, desired);
  let since: number | undefined;
  const runningAt = (time: number) => {
    const goal = steadyRunning(service, desired);
    const share = since === undefined ? 1 : Math.min(1, (time - since) / SCALE_MS);
    return Math.round(from + (goal - from) * share);
  };
  for (const change of world.histories.get(`${service.cluster}/${service.name}`) ?? []) {
    if (change.at > at || change.effect.kind !== 'scale') continue;
    from = runningAt(change.at);
    desired = change.effect.desired;
    since = change.at;
  }
  const running = runningAt(at);
  const settled = since === undefined || at - since >= SCALE_MS;
  return {
    desired,
    running,
    steady: settled && running === desired,
    sick: isShort(service, desired),
    updatedAt: since,
  };
}

function isShort(service: ServiceSpec, desired: number): boolean {
  return desired < service.healthyFrom;
}

function steadyRunning(service: ServiceSpec, desired: number): number {
  return isShort(service, desired) ? Math.max(0, desired - MISSING_TASKS) : desired;
}

export interface TargetState {
  id: string;
  zone?: string;
  state: 'healthy' | 'unhealthy' | 'initial' | 'unused';
  reason?: 'Target.Timeout' | 'Target.ResponseCodeMismatch' | 'Target.InvalidState' | 'Elb.InitialHealthChecking';
  description?: string;
}

export function targetsOf(world: World, group: TargetGroupSpec, at = world.now): TargetState[] {
  if (group.targets.kind === 'instances') {
    return group.targets.instances.map((instance) => instanceTarget(world, instance, at));
  }
  const { service } = group.targets;
  const { desired, running, sick } = serviceAt(world, service, at);
  return Array.from({ length: Math.max(desired, running) }, (_, index) => {
    const place = { id: taskAddress(service, index), zone: `${world.estate.region}${'abc'.charAt(index % 3)}` };
    if (index < running) return { ...place, state: 'healthy' };
    return sick ? { ...place, ...WRONG_CODE } : { ...place, ...STARTING };
  });
}

const WRONG_CODE = {
  state: 'unhealthy',
  reason: 'Target.ResponseCodeMismatch',
  description: 'Health checks failed with these codes: [503]',
} as const;
const STARTING = {
  state: 'initial',
  reason: 'Elb.InitialHealthChecking',
  description: 'Initial health checks in progress',
} as const;
const TIMEOUT = { state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' } as const;
const NOT_RUNNING = {
  state: 'unused',
  reason: 'Target.InvalidState',
  description: 'Target is in the stopped state',
} as const;

function instanceTarget(world: World, instance: InstanceSpec, at: number): TargetState {
  const place = { id: instance.id, zone: instance.zone };
  if (instance.state === 'stopped') return { ...place, ...NOT_RUNNING };
  const last = rebootsOf(world, instance, at).at(-1);
  if (isSick(world, instance, at)) return { ...place, ...TIMEOUT };
  if (last === undefined || at >= last + REBOOT_MS + FIRST_HEALTH_CHECKS_MS) return { ...place, state: 'healthy' };
  return { ...place, ...(at < last + REBOOT_MS ? TIMEOUT : STARTING) };
}

function taskAddress(service: ServiceSpec, index: number): string {
  const network = 64 + (service.name.length % 32);
  return `10.0.${network + Math.floor(index / 200)}.${20 + (index % 200)}`;
}

export interface AlarmState {
  value: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** Epoch ms. */
  since: number;
}

/** Alarms follow their cause a minute late, as an evaluation period would. */
export function alarmStateOf(world: World, alarm: AlarmSpec): AlarmState {
  const seen = world.now - ALARM_LAG_MS;
  const { cause } = alarm;
  const quiet = episodeStart(world.now, 7 * 24);
  if (cause.kind === 'always') return { value: cause.state, since: quiet };
  if (cause.kind === 'instance') {
    if (isSick(world, cause.instance, seen)) return { value: 'ALARM', since: episodeStart(world.now, 6) };
    const healed = cause.instance.sick ? rebootsOf(world, cause.instance, seen)[0] : undefined;
    return { value: 'OK', since: healed === undefined ? quiet : healed + ALARM_LAG_MS };
  }
  const { sick } = serviceAt(world, cause.service, seen);
  const turned = turnedAt(world, cause.service, seen);
  const since = turned === undefined ? episodeStart(world.now, 6) : turned + ALARM_LAG_MS;
  return { value: sick ? 'ALARM' : 'OK', since };
}

/** When a service last became sick or healed; scaling a healthy service further turns nothing. */
function turnedAt(world: World, service: ServiceSpec, at: number): number | undefined {
  const changes = (world.histories.get(`${service.cluster}/${service.name}`) ?? []).filter((change) => change.at <= at);
  const turns = changes.filter((change) => {
    const before = serviceAt(world, service, change.at - 1).sick;
    return serviceAt(world, service, change.at).sick !== before;
  });
  return turns.at(-1)?.at;
}

/** When the present trouble began: a round time some hours ago that stays the same for `hours` hours. */
export function episodeStart(now: number, hours: number): number {
  const spanMs = hours * 3_600_000;
  return Math.floor((now - 600_000) / spanMs) * spanMs;
}
