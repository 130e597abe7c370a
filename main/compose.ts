import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { Service } from '../adapters/http/api-keys.ts';
import { createPolicyWebhook } from '../adapters/webhook/policy-webhook.ts';
import { type Audit, createAudit } from '../approvals/audit.ts';
import { fixChains, MOST_CHAINS } from '../approvals/audit-chains.ts';
import { createAuditCopy } from '../approvals/audit-copy.ts';
import type { AuditRecord } from '../approvals/audit-record.ts';
import { troubleHere } from '../approvals/closed.ts';
import { crashAt } from '../approvals/crash.ts';
import { createDesk, type Desk } from '../approvals/desk.ts';
import { createGate, type Gate } from '../approvals/gate.ts';
import type { GateParts } from '../approvals/gate-parts.ts';
import type { Address } from '../approvals/outbox.ts';
import { createOutcomeSpool, type OutcomeSpool } from '../approvals/outcome-spool.ts';
import { createDirectory, type Directory, type Person } from '../approvals/people.ts';
import { loadPolicy } from '../approvals/policy.ts';
import type { Settings } from '../approvals/settings.ts';
import { createStepUp, type StepUp } from '../approvals/step-up.ts';
import { type Bot, createBot } from '../bot/bot.ts';
import type { Channel, Lobby } from '../bot/channel.ts';
import { createDispatcher, type Dispatcher } from '../bot/dispatcher.ts';
import { createIdentity } from '../bot/identity.ts';
import { createLobby } from '../bot/lobby.ts';
import { formatCommand } from '../bot/understand/format-command.ts';
import { createUnderstanding } from '../bot/understand/understand.ts';
import { wakeOthers } from '../bot/wake-others.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import { asOpsError } from '../lib/errors.ts';
import { signInOf } from '../lib/facade-config.ts';
import { createFreshSecrets, type FreshSecrets } from '../lib/fresh-secrets.ts';
import { newId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import { createLog, type Log } from '../lib/log.ts';
import type { RemoteConfig } from '../lib/remote-config.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import type { Watched } from '../lib/watched-file.ts';
import { answerInTime } from '../store/answer-in-time.ts';
import { countFaults } from '../store/count-faults.ts';
import type { Live } from '../store/live/live.ts';
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
import { type AuditTrail, openAuditTrail } from './audit-trail.ts';
import { healthInWords } from './health.ts';
import { ownKeys } from './own-keys.ts';
import { openPeopleAndPolicy, openServices } from './people-and-policy.ts';
import { sealSources } from './sources.ts';
import { tracedChannel, tracedStore, tracedUnderstanding } from './traced.ts';

/** Everything but the doors, put together; each verb adds its own channels. */
export interface House extends Ground {
  region: string;
  /** Where people open the console; absent where they cannot reach it. */
  consoleUrl: string | undefined;
  /** Absent where nobody signs in. */
  stepUp: StepUp | undefined;
  telemetry: Telemetry;
  gate: Gate;
  desk: Desk;
  /** Loads what the first question will need, and reads the files that are sealed; never rejects, changes nothing. */
  warm(): Promise<void>;
  /** Why this process lets no change run, of which nothing else tells. */
  trouble(): string | undefined;
  /** `live`: how other processes on the store are told, where there are any. */
  open(channels: readonly Channel[], live?: Live): { bot: Bot; dispatcher: Dispatcher; lobby: Lobby };
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
  /** The audit record out of the store's reach. */
  trail: AuditTrail;
  settings: () => Watched<Settings>;
  people: Directory;
  peopleState: () => Watched<readonly Person[]>;
  /** The programs that may come with a key. */
  services: () => Watched<readonly Service[]>;
  closeCopy(): Promise<void>;
  /** Of the platforms and the model. */
  secrets: FreshSecrets;
  /** Reads again what is kept in AWS. Never rejects. */
  refresh(): Promise<void>;
}

/** One seed for everybody: examples, tests and two processes see the same estate. */
const SEED = 2026;

interface Choices {
  /** As `createSqliteStore` says: for a process that serves many. */
  longestHoldMs?: number;
  /** What a bench puts in the place of the real ones. */
  aws?: AwsProvider;
  catalog?: readonly Tool[];
}

/** @throws OpsError `config_invalid`, `store_unavailable`, `store_corrupt`, `policy_unavailable`: nothing is half open */
export async function compose(config: Config, telemetry: Telemetry, choices: Choices = {}): Promise<House> {
  const policy = loadPolicy();
  const ground = await prepare(config, telemetry, choices);
  const region = regionOf(config);
  const real = createAws(ground, region, telemetry);
  const { aws = real.aws, catalog = wholeCatalog } = choices;
  const tools = new Map(catalog.map((tool) => [tool.name, tool]));
  const consoleUrl = consoleUrlOf(config);
  const stepUp = signInOf(config) && createStepUp({ ...ground, consoleUrl });
  const sources = sealSources(ground.clock);
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
    spool: openSpool(config),
    crash: crashAt(config.CRASH_AT),
    changedSource: sources.changed,
    route: (channel) => routeOf(ground.settings().value, channel),
    consoleUrl,
    sealRecord: ground.trail.seal,
    ownKeys: () => ownKeys(config, ground.services().value),
    stepUp,
    changed: (changeId, saidOn) => wake(changeId, saidOn),
  };
  const trouble = () => troubleHere(parts)[0]?.because;
  const gate = createGate(parts);
  const desk = createDesk(parts, (name, input) => commandLine(tools.get(name), input));
  const assistantParts = { ...ground, telemetry, gate, desk, catalog, region, consoleUrl, command: formatCommand };
  const assistant = openAssistant(config, assistantParts, ground.secrets);

  return {
    ...ground,
    region,
    consoleUrl,
    stepUp,
    telemetry,
    gate,
    desk,
    trouble,
    warm: async () => void (await Promise.all([real.warm(), assistant?.warm(), sources.read()])),
    open(list, live) {
      const channels = new Map(
        [...list, createPolicyWebhook(() => ground.settings().value)].map((channel) => [
          channel.name,
          tracedChannel(channel, telemetry),
        ]),
      );
      const dispatcher = createDispatcher({ ...ground, desk, channels });
      wake = live ? wakeOthers(live, dispatcher, channels.keys()) : dispatcher.wake;
      const understand = tracedUnderstanding(createUnderstanding({ catalog }), telemetry);
      const identity = createIdentity({ ...ground, channels });
      const bot = createBot({
        ...{ ...ground, telemetry, gate, desk, catalog, understand, channels, dispatcher, identity, assistant },
      });
      const lobby = createLobby({
        desk,
        gate,
        catalog,
        identity,
        health: () => healthInWords({ ...ground, trouble, live }),
      });
      return { bot, dispatcher, lobby };
    },
    async close() {
      await gate.stop();
      await ground.trail.close();
      await ground.store.close();
      await ground.closeCopy();
    },
  };
}

async function prepare(config: Config, telemetry: Telemetry, { longestHoldMs }: Choices): Promise<Ground> {
  const clock = systemClock;
  const log = createLog(config.LOG_LEVEL);
  const { settings, peopleState, refresh: refreshLists } = await openPeopleAndPolicy(config, { clock, log });
  const secrets = createFreshSecrets(config, () => openRemote(config), log);
  const refresh = async () => void (await Promise.all([refreshLists(), secrets.refresh()]));
  const services = openServices(config, clock);
  const people = createDirectory(
    () => peopleState().value,
    () => services().value.map(({ principal }) => principal),
  );
  const opened = await openStore(config.STORE, { clock, log, region: config.AWS_REGION, longestHoldMs });
  const counted = countFaults(answerInTime(opened, clock), (code) => telemetry.storeErrors.inc({ code }));
  const store = tracedStore(counted, telemetry);
  const auditCopyPath = besideStore(config.STORE, 'audit.jsonl');
  if (config.STORE.startsWith('dynamodb:')) makeFolder(auditCopyPath, log);
  const copy = auditCopyPath === undefined ? undefined : createAuditCopy(auditCopyPath, log);
  const node = `${hostname()}/${process.pid}`;
  const openRecord = async () => {
    if (config.STORE.startsWith('dynamodb:')) await fixChains(store, MOST_CHAINS);
    return openAuditTrail({ config, store, clock, log, telemetry, node });
  };
  const trail = await openRecord().catch(async (error) => {
    await store.close();
    throw error;
  });
  const written = (record: AuditRecord) => {
    copy?.append(record);
    trail.recorded(record);
  };
  const audit = createAudit({ store, clock, log, node, build: config.version, copy: written });
  const closeCopy = async () => copy?.close();
  const lists = { settings, people, peopleState, services, secrets, refresh };
  return { config, clock, log, store, audit, auditCopyPath, trail, closeCopy, ...lists };
}

/** Loaded with the first use. */
async function openRemote({ AWS_REGION: region, AWS_ENDPOINT_URL: endpointUrl }: Config): Promise<RemoteConfig> {
  const { openRemoteConfig } = await import('../lib/remote-config.ts');
  return openRemoteConfig({ region, endpointUrl });
}

/** The command that means this call; nothing for a tool that there is not. */
export function commandLine(tool: Tool | undefined, input: JsonObject): string {
  return tool ? formatCommand(tool, input) : '';
}

/** The simulated estate has two Regions; a machine that is set up for another one still gets to see it. */
function regionOf({ EXECUTION_MODE, AWS_REGION }: Config): string {
  const regions: readonly string[] = known.regions;
  if (EXECUTION_MODE !== 'LOCAL_MOCK' || regions.includes(AWS_REGION)) return AWS_REGION;
  return regions[0] ?? AWS_REGION;
}

function createAws({ config, clock, store, log }: Ground, defaultRegion: string, telemetry: Telemetry) {
  const onCall = ({ service, operation, outcome, ms }: ObservedCall) => {
    telemetry.awsCalls.inc({ service, operation, outcome });
    telemetry.awsCallSeconds.observe({ service, operation }, ms / 1000);
    telemetry.past('aws', { service, operation, outcome }, ms);
  };
  const { EXECUTION_MODE: mode, AWS_ENDPOINT_URL: endpointUrl } = config;
  if (mode === 'LOCAL_MOCK') {
    return { aws: createSimulatedAws({ seed: SEED, clock, store, defaultRegion, onCall }), warm: async () => {} };
  }
  const writeRole = writeRoleOf(config);
  if (!writeRole && mode === 'SANDBOX_LIVE')
    log.warn({}, 'AWS_WRITE_ROLE_ARN is not set: changes run with the credentials that everything else runs with');
  const aws = createLiveAws({ mode, defaultRegion, endpointUrl, writeRole, onCall });
  return { aws, warm: aws.warm };
}

function writeRoleOf({ AWS_WRITE_ROLE_ARN: arn, AWS_WRITE_EXTERNAL_ID: externalId, ...config }: Config) {
  return arn === undefined ? undefined : { arn, externalId, sessionTags: config.AWS_WRITE_SESSION_TAGS };
}

/** Where outcomes wait that the store cannot take; nowhere beside a store in memory. */
export function openSpool({ OUTCOME_SPOOL, STORE }: Config): OutcomeSpool | undefined {
  const path = OUTCOME_SPOOL ?? besideStore(STORE, 'outcomes.jsonl');
  return path === undefined ? undefined : createOutcomeSpool(path);
}

/** Where a configured channel leads; the web console where the policy file has no route for it. */
function routeOf({ routes }: Settings, name: string): Address[] {
  const places = new Set(routes[name] ?? [`web:${name}`]);
  return [...places].map((place) => {
    const colon = place.indexOf(':');
    return { channel: place.slice(0, colon), id: place.slice(colon + 1) };
  });
}

/** Without sign-in the console answers on its own machine; links elsewhere would lead nowhere. */
function consoleUrlOf(config: Config): string | undefined {
  const { EXECUTION_MODE, PORT, PUBLIC_URL } = config;
  const signIn = signInOf(config) !== undefined;
  if (signIn && PUBLIC_URL !== undefined) return PUBLIC_URL;
  return (signIn || EXECUTION_MODE === 'LOCAL_MOCK') && PORT !== 0 ? `http://localhost:${PORT}` : undefined;
}

/** Where it cannot be made, only what would lie there is missing, and whoever writes it says so. */
function makeFolder(path: string | undefined, log: Log): void {
  try {
    if (path !== undefined) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    log.error({ error: asOpsError(error).message }, 'the folder beside the store cannot be made');
  }
}

/**
 * 'data/opsagent.db.audit.jsonl' for sqlite:data/opsagent.db; nothing for a store in memory. A table has no place on a disk:
 * what each machine keeps beside it lies in `data`, and holds what this machine wrote.
 */
export function besideStore(uri: string, ending: string): string | undefined {
  const path = uri.replace(/^sqlite:/, '').replace(/^dynamodb:/, 'data/');
  return path === ':memory:' ? undefined : `${path}.${ending}`;
}
