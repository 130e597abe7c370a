import type { Approval } from '../../approvals/approval.ts';
import { type Audit, createAudit } from '../../approvals/audit.ts';
import { type AuditRecord, auditKind, CHAIN, headKind } from '../../approvals/audit-record.ts';
import type { Caller, DecisionCall, GateOutcome } from '../../approvals/call.ts';
import { createDesk, type Desk } from '../../approvals/desk.ts';
import { createGate, type Gate } from '../../approvals/gate.ts';
import type { GateParts } from '../../approvals/gate-parts.ts';
import { type Post, postKind } from '../../approvals/outbox.ts';
import { localPeople, type Person, serviceNamed } from '../../approvals/people.ts';
import { loadPolicy } from '../../approvals/policy.ts';
import { Settings } from '../../approvals/settings.ts';
import { formatCommand } from '../../bot/understand/format-command.ts';
import type { ApprovalView, Mode } from '../../cards/view.ts';
import type { Clock } from '../../lib/clock.ts';
import { newCorrelationId, newId } from '../../lib/ids.ts';
import type { JsonObject } from '../../lib/json.ts';
import { silentLog } from '../../lib/log.ts';
import { silentTelemetry } from '../../lib/telemetry.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import type { Store, Stored } from '../../store/store.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { createSimulatedAws } from '../../tools/aws/simulated/simulated-aws.ts';
import { catalog } from '../../tools/catalog.ts';
import type { Tool } from '../../tools/tool.ts';
import { movableClock } from '../store/movable-clock.ts';
import { type RecordingAws, recordingAws } from './recording-aws.ts';

export const NOON = Date.parse('2026-11-20T12:00:00Z');
export const OPS = { channel: 'web', id: '#ops' };
export const policy = loadPolicy();
/** The services that every house knows. */
export const CI = serviceNamed('ci', ['engineer']);
export const WALLBOARD = serviceNamed('wallboard', ['viewer']);

/** Calls of every risk in the simulated estate. */
export const CALLS = {
  low: { tool: 'scale_ecs_service', input: { cluster: 'main', service: 'cart', desired_count: 3 } },
  medium: { tool: 'reboot_ec2', input: { instance_id: known.sickInstance } },
  high: { tool: 'reboot_ec2', input: { instance_id: known.productionInstance } },
} as const satisfies Record<string, { tool: string; input: JsonObject }>;

export interface House {
  parts: GateParts;
  store: Store;
  audit: Audit;
  gate: Gate;
  desk: Desk;
  aws: RecordingAws;
  clock: Clock;
  setNow(ms: number): void;
  /** The people on the allow-list; a test may move them. */
  people: Person[];
  /** Programs with a key; a test may move them. */
  services: Person[];
  /** The policy file; a test may change it. */
  settings: Settings;
  /** What is wrong with the files, if anything. */
  problem: string | undefined;
}

interface Options {
  store?: Store;
  path?: string;
  clock?: { clock: Clock; setNow(ms: number): void };
  mode?: Mode;
  environment?: string;
  settings?: object;
  tools?: readonly Tool[];
  /** Puts something between the house and its store: faults, pauses. */
  through?: (store: Store) => Store;
}

/** The conscience as main puts it together, on a store in memory, a simulated estate and a clock that tests move. */
export async function createHouse(options: Options = {}): Promise<House> {
  const { clock, setNow } = options.clock ?? movableClock(NOON);
  const opened =
    options.store ?? (await createSqliteStore({ path: options.path ?? ':memory:', clock, log: silentLog }));
  const store = options.through?.(opened) ?? opened;
  const mode = options.mode ?? 'LOCAL_MOCK';
  const audit = createAudit({ store, clock, log: silentLog, node: 'test/1', build: '0.0.0' });
  const inner = createSimulatedAws({ seed: 7, clock, store: opened, defaultRegion: 'eu-west-1' });
  const aws = recordingAws({ inner, mode, newestSeq: async () => (await opened.get(headKind, CHAIN))?.value.seq ?? 0 });
  const house = {
    store,
    audit,
    aws,
    clock,
    setNow,
    people: [...localPeople],
    services: [CI, WALLBOARD],
    settings: Settings.parse(options.settings ?? {}),
    problem: undefined as string | undefined,
  };
  const watched = <T>(value: T) =>
    house.problem === undefined
      ? { state: 'fresh' as const, value }
      : { state: 'stale' as const, value, problem: house.problem };
  const parts: GateParts = {
    ...{ store, clock, audit, policy, aws, mode },
    log: silentLog,
    telemetry: silentTelemetry,
    environment: options.environment,
    settings: () => watched(house.settings),
    people: {
      list: () => house.people,
      services: () => house.services,
      find: (id) => [...house.people, ...house.services].find((one) => one.id === id),
      named: (channel, account) => house.people.find(({ accounts }) => accounts[channel] === account),
    },
    peopleState: () => watched(house.people),
    tools: new Map((options.tools ?? catalog).map((tool) => [tool.name, tool])),
    holder: { host: 'test', pid: process.pid, boot: newId('boot') },
    crash: () => {},
    route: (channel) => [{ channel: 'web', id: channel }],
    changed: () => {},
  };
  const commandLine = (name: string, input: JsonObject) => {
    const tool = parts.tools.get(name);
    return tool ? formatCommand(tool, input) : '';
  };
  return Object.assign(house, { parts, gate: createGate(parts), desk: createDesk(parts, commandLine) });
}

let turns = 0;

/** Somebody in a conversation of their own; overrides say otherwise. */
export function caller(name: string, overrides: Partial<Caller> = {}): Caller {
  const person = [...localPeople, CI, WALLBOARD].find(({ id }) => id === `${name}@example.com` || id === name);
  turns += 1;
  return {
    person: person ?? { id: `${name}@example.com`, name, roles: [], teams: [], accounts: {} },
    channel: 'web',
    userId: `${name}@example.com`,
    auth: 'local-switch',
    origin: 'message',
    turnId: `turn-${turns}`,
    correlationId: newCorrelationId(),
    conversation: { channel: 'web', id: `@${name}` },
    signal: new AbortController().signal,
    progress: () => {},
    ...overrides,
  };
}

export interface Pending {
  id: string;
  token: string;
  view: ApprovalView;
}

/** A proposal that must end in a card. */
export async function propose(
  house: House,
  call: { tool: string; input: JsonObject },
  who = 'alice',
  overrides: Partial<Caller> = {},
): Promise<Pending> {
  const outcome = await house.gate.submit(call, caller(who, overrides));
  if (outcome.status !== 'pending') throw new Error(`not pending: ${JSON.stringify(outcome.view)}`);
  return { id: outcome.approvalId, token: outcome.token ?? '', view: outcome.view };
}

export function decide(house: House, who: string, by: string, call: Partial<DecisionCall> = {}): Promise<GateOutcome> {
  const pointer = by.startsWith('chg-') ? { approvalId: by } : { token: by };
  return house.gate.decide({ verdict: 'approve', by: pointer, ...call }, caller(who));
}

/** Votes until it runs, and waits until its effect was looked for. */
export async function approveAll(house: House, id: string, ...names: string[]): Promise<Approval> {
  for (const name of names) await decide(house, name, id);
  await house.gate.idle();
  return stored(house, id);
}

export async function stored({ desk }: Pick<House, 'desk'>, id: string): Promise<Approval> {
  const row = await desk.approval(id);
  if (!row) throw new Error(`no change ${id}`);
  return row.value;
}

export async function records({ store }: Pick<House, 'store'>): Promise<AuditRecord[]> {
  const page = await store.query(auditKind, { index: 'by_chain', partition: CHAIN, limit: 200 });
  return page.rows.map(({ value }) => value);
}

export async function posts({ store }: Pick<House, 'store'>, channel = 'web'): Promise<Stored<Post>[]> {
  return (await store.query(postKind, { index: 'due', partition: channel, limit: 200 })).rows;
}

/** The rule of a refusal; throws when it was none. */
export function ruleOf(outcome: GateOutcome): string {
  if (outcome.status !== 'denied') throw new Error(`not denied but ${outcome.status}: ${JSON.stringify(outcome.view)}`);
  return outcome.view.rule;
}
