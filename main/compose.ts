import { hostname } from 'node:os';
import { createWebhook } from '../adapters/webhook/webhook.ts';
import { type Audit, createAudit } from '../approvals/audit.ts';
import { createAuditCopy } from '../approvals/audit-copy.ts';
import { crashAt } from '../approvals/crash.ts';
import { createDesk, type Desk } from '../approvals/desk.ts';
import { createGate, type Gate } from '../approvals/gate.ts';
import type { GateParts } from '../approvals/gate-parts.ts';
import type { Address } from '../approvals/outbox.ts';
import { createDirectory, type Directory, localPeople, PeopleFile, type Person } from '../approvals/people.ts';
import { loadPolicy } from '../approvals/policy.ts';
import { defaultSettings, Settings } from '../approvals/settings.ts';
import { type Bot, createBot } from '../bot/bot.ts';
import type { Channel, Lobby } from '../bot/channel.ts';
import { createDispatcher, type Dispatcher } from '../bot/dispatcher.ts';
import { createIdentity } from '../bot/identity.ts';
import { createLobby } from '../bot/lobby.ts';
import { formatCommand } from '../bot/understand/format-command.ts';
import { createUnderstanding } from '../bot/understand/understand.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import { newId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import { createLog, type Log } from '../lib/log.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import { type Watched, watchYaml } from '../lib/watched-file.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import type { AwsProvider } from '../tools/aws/aws.ts';
import type { ObservedCall } from '../tools/aws/guard.ts';
import { createLiveAws } from '../tools/aws/live.ts';
import { known } from '../tools/aws/simulated/known.ts';
import { createSimulatedAws } from '../tools/aws/simulated/simulated-aws.ts';
import { catalog as wholeCatalog } from '../tools/catalog.ts';
import type { Tool } from '../tools/tool.ts';
import { openAssistant } from './assistant.ts';
import { healthInWords } from './health.ts';
import { sealSources } from './sources.ts';

/** Everything but the doors, put together; each verb adds its own channels. */
export interface House extends Ground {
  region: string;
  /** Where people open the console; absent where they cannot reach it. */
  consoleUrl: string | undefined;
  telemetry: Telemetry;
  gate: Gate;
  desk: Desk;
  /** Loads what the first question will need; never rejects, changes nothing. */
  warm(): Promise<void>;
  open(channels: readonly Channel[]): { bot: Bot; dispatcher: Dispatcher; lobby: Lobby };
  close(): Promise<void>;
}

/** What everything stands on: the files that were read and the store that was opened. */
interface Ground {
  config: Config;
  clock: Clock;
  log: Log;
  store: Store;
  audit: Audit;
  /** Where the second copy of the audit record is. */
  auditCopyPath: string | undefined;
  settings: () => Watched<Settings>;
  people: Directory;
  peopleState: () => Watched<readonly Person[]>;
  closeCopy(): Promise<void>;
}

/** One seed for everybody: examples, tests and two processes see the same estate. */
const SEED = 2026;

/** What a bench puts in the place of the real ones. */
interface Instead {
  aws?: AwsProvider;
  catalog?: readonly Tool[];
}

/** @throws OpsError `config_invalid`, `store_unavailable`, `store_corrupt`, `policy_unavailable`: nothing is half open */
export async function compose(config: Config, telemetry: Telemetry, instead: Instead = {}): Promise<House> {
  const policy = loadPolicy();
  const ground = await prepare(config);
  const region = regionOf(config);
  const real = createAws(ground, region, telemetry);
  const { aws = real.aws, catalog = wholeCatalog } = instead;
  const tools = new Map(catalog.map((tool) => [tool.name, tool]));
  const consoleUrl = consoleUrlOf(config);
  let wake: GateParts['changed'] = () => {};
  const parts: GateParts = {
    ...ground,
    telemetry,
    policy,
    aws,
    tools,
    mode: config.EXECUTION_MODE,
    environment: config.ENVIRONMENT,
    holder: { host: hostname(), pid: process.pid, boot: newId('boot') },
    crash: crashAt(config.CRASH_AT),
    changedSource: sealSources(ground.clock),
    route: (channel) => routeOf(ground.settings().value, channel),
    consoleUrl,
    changed: (changeId) => wake(changeId),
  };
  const gate = createGate(parts);
  const desk = createDesk(parts, (name, input) => commandLine(tools.get(name), input));
  const assistant = openAssistant(config, {
    ...{ ...ground, telemetry, gate, desk, catalog, region, consoleUrl },
    command: formatCommand,
  });

  return {
    ...ground,
    region,
    consoleUrl,
    telemetry,
    gate,
    desk,
    warm: async () => void (await Promise.all([real.warm(), assistant?.warm()])),
    open(list) {
      const channels = new Map([...list, createWebhook()].map((channel) => [channel.name, channel]));
      const dispatcher = createDispatcher({ ...ground, desk, channels });
      wake = dispatcher.wake;
      const understand = createUnderstanding({ catalog });
      const identity = createIdentity({ ...ground, channels });
      const bot = createBot({
        ...{ ...ground, telemetry, gate, desk, catalog, understand, channels, dispatcher, identity, assistant },
      });
      const lobby = createLobby({ desk, identity, health: () => healthInWords(ground) });
      return { bot, dispatcher, lobby };
    },
    async close() {
      await gate.stop();
      await ground.store.close();
      await ground.closeCopy();
    },
  };
}

async function prepare(config: Config): Promise<Ground> {
  const clock = systemClock;
  const log = createLog(config.LOG_LEVEL);
  const settings = watched(config.POLICY_FILE, Settings, defaultSettings, clock);
  const nobodyNamed = config.EXECUTION_MODE === 'LOCAL_MOCK' ? localPeople : [];
  const peopleState = watched<readonly Person[]>(config.PEOPLE_FILE, PeopleFile, nobodyNamed, clock);
  const people = createDirectory(() => peopleState().value);
  const store = await openStore(config.STORE, { clock, log });
  const auditCopyPath = besideStore(config.STORE, 'audit.jsonl');
  const copy = auditCopyPath === undefined ? undefined : createAuditCopy(auditCopyPath, log);
  const node = `${hostname()}/${process.pid}`;
  const audit = createAudit({ store, clock, log, node, build: config.version, copy: copy?.append });
  const closeCopy = async () => copy?.close();
  return { config, clock, log, store, audit, auditCopyPath, settings, people, peopleState, closeCopy };
}

/** The command that means this call; nothing for a tool that there is not. */
export function commandLine(tool: Tool | undefined, input: JsonObject): string {
  return tool ? formatCommand(tool, input) : '';
}

function watched<T>(
  path: string | undefined,
  schema: Parameters<typeof watchYaml<T>>[1],
  otherwise: T,
  clock: Clock,
): () => Watched<T> {
  return path === undefined ? () => ({ state: 'fresh', value: otherwise }) : watchYaml(path, schema, clock);
}

/** The simulated estate has two Regions; a machine that is set up for another one still gets to see it. */
function regionOf({ EXECUTION_MODE, AWS_REGION }: Config): string {
  const regions: readonly string[] = known.regions;
  if (EXECUTION_MODE !== 'LOCAL_MOCK' || regions.includes(AWS_REGION)) return AWS_REGION;
  return regions[0] ?? AWS_REGION;
}

function createAws({ config, clock, store }: Ground, defaultRegion: string, telemetry: Telemetry) {
  const onCall = ({ service, operation, outcome, ms }: ObservedCall) => {
    telemetry.awsCalls.inc({ service, operation, outcome });
    telemetry.awsCallSeconds.observe({ service, operation }, ms / 1000);
  };
  const { EXECUTION_MODE: mode, AWS_ENDPOINT_URL: endpointUrl } = config;
  if (mode === 'LOCAL_MOCK') {
    return { aws: createSimulatedAws({ seed: SEED, clock, store, defaultRegion, onCall }), warm: async () => {} };
  }
  const aws = createLiveAws({ mode, defaultRegion, endpointUrl, onCall });
  return { aws, warm: aws.warm };
}

/** Where a configured channel leads; the web console where the policy file has no route for it. */
function routeOf({ routes }: Settings, name: string): Address[] {
  const places = new Set(routes[name] ?? [`web:${name}`]);
  return [...places].map((place) => {
    const colon = place.indexOf(':');
    return { channel: place.slice(0, colon), id: place.slice(colon + 1) };
  });
}

/** The console answers on its own machine until there is sign-in; links elsewhere would lead nowhere. */
function consoleUrlOf({ EXECUTION_MODE, PORT }: Config): string | undefined {
  return EXECUTION_MODE === 'LOCAL_MOCK' && PORT !== 0 ? `http://localhost:${PORT}` : undefined;
}

/** 'data/opsagent.db.audit.jsonl' for sqlite:data/opsagent.db; nothing for a store in memory. */
export function besideStore(uri: string, ending: string): string | undefined {
  const path = uri.replace(/^sqlite:/, '');
  return path === ':memory:' ? undefined : `${path}.${ending}`;
}
