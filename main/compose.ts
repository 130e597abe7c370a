import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { createAudit } from '../approvals/audit.ts';
import { type AuditCopy, createAuditCopy } from '../approvals/audit-copy.ts';
import { crashAt } from '../approvals/crash.ts';
import { createDesk, type Desk } from '../approvals/desk.ts';
import { createGate, type Gate } from '../approvals/gate.ts';
import type { GateParts } from '../approvals/gate-parts.ts';
import { type Directory, localPeople, PeopleFile, type Person } from '../approvals/people.ts';
import { loadPolicy } from '../approvals/policy.ts';
import { defaultSettings, Settings } from '../approvals/settings.ts';
import { type Bot, createBot } from '../bot/bot.ts';
import type { Channel } from '../bot/channel.ts';
import { createDispatcher, type Dispatcher } from '../bot/dispatcher.ts';
import { formatCommand } from '../bot/understand/format-command.ts';
import { createUnderstanding } from '../bot/understand/understand.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import { newId } from '../lib/ids.ts';
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
import { catalog, toolByName } from '../tools/catalog.ts';

/** Everything but the doors, put together; each verb adds its own channels. */
export interface House {
  config: Config;
  clock: Clock;
  log: Log;
  telemetry: Telemetry;
  store: Store;
  people: Directory;
  settings: () => Watched<Settings>;
  peopleState: () => Watched<unknown>;
  region: string;
  gate: Gate;
  desk: Desk;
  /** Where the second copy of the audit record is. */
  auditCopyPath: string | undefined;
  open(channels: readonly Channel[]): { bot: Bot; dispatcher: Dispatcher };
  close(): Promise<void>;
}

/** One seed for everybody: examples, tests and two processes see the same estate. */
const SEED = 2026;

/** @throws OpsError `config_invalid`, `store_unavailable`, `store_corrupt`, `policy_unavailable`: nothing is half open */
export async function compose(config: Config, telemetry: Telemetry): Promise<House> {
  const clock = systemClock;
  const log = createLog(config.LOG_LEVEL);
  const policy = loadPolicy();
  const settings = watched(config.POLICY_FILE, Settings, defaultSettings, clock);
  const people = watched<readonly Person[]>(
    config.PEOPLE_FILE,
    PeopleFile,
    config.EXECUTION_MODE === 'LOCAL_MOCK' ? localPeople : [],
    clock,
  );
  const directory: Directory = {
    list: () => people().value,
    find: (id) => people().value.find((person) => person.id === id),
  };
  const store = await openStore(config.STORE, { clock, log });
  const auditCopyPath = besideStore(config.STORE, 'audit.jsonl');
  const copy: AuditCopy | undefined = auditCopyPath === undefined ? undefined : createAuditCopy(auditCopyPath, log);
  const audit = createAudit({
    store,
    clock,
    log,
    node: `${hostname()}/${process.pid}`,
    build: config.version,
    copy: (record) => copy?.append(record),
  });
  const region = regionOf(config);

  let wake = () => {};
  const parts: GateParts = {
    store,
    clock,
    log,
    audit,
    policy,
    settings,
    people: directory,
    peopleState: people,
    aws: createAws(config, region, { store, clock, telemetry }),
    tools: toolByName,
    mode: config.EXECUTION_MODE,
    environment: config.ENVIRONMENT,
    holder: { host: hostname(), pid: process.pid, boot: newId('boot') },
    crash: crashAt(config.CRASH_AT),
    route: (channel) => ({ channel: 'web', id: channel }),
    changed: () => wake(),
  };
  const gate = createGate(parts);
  const desk = createDesk(parts, (name, input) => {
    const tool = toolByName.get(name);
    return tool ? formatCommand(tool, input) : '';
  });

  return {
    config,
    clock,
    log,
    telemetry,
    store,
    people: directory,
    settings,
    peopleState: people,
    region,
    gate,
    desk,
    auditCopyPath,
    open(list) {
      const channels = new Map(list.map((channel) => [channel.name, channel]));
      const dispatcher = createDispatcher({ store, clock, log, desk, channels });
      wake = dispatcher.wake;
      const understand = createUnderstanding({ catalog });
      const bot = createBot({
        store,
        clock,
        log,
        telemetry,
        people: directory,
        gate,
        desk,
        audit,
        catalog,
        understand,
        channels,
        dispatcher,
      });
      return { bot, dispatcher };
    },
    async close() {
      await gate.stop();
      await store.close();
      await copy?.close();
    },
  };
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

function createAws(
  config: Config,
  defaultRegion: string,
  { store, clock, telemetry }: Pick<House, 'store' | 'clock' | 'telemetry'>,
): AwsProvider {
  const onCall = ({ service, operation, outcome, ms }: ObservedCall) => {
    telemetry.awsCalls.inc({ service, operation, outcome });
    telemetry.awsCallSeconds.observe({ service, operation }, ms / 1000);
  };
  if (config.EXECUTION_MODE === 'LOCAL_MOCK')
    return createSimulatedAws({ seed: SEED, clock, store, defaultRegion, onCall });
  const live = createLiveAws({
    mode: config.EXECUTION_MODE,
    defaultRegion,
    endpointUrl: config.AWS_ENDPOINT_URL,
    onCall,
  });
  void live.warm();
  return live;
}

/** 'data/audit.jsonl' for sqlite:data/opsagent.db; nothing for a store in memory. */
export function besideStore(uri: string, name: string): string | undefined {
  const path = uri.replace(/^sqlite:/, '');
  return path === ':memory:' ? undefined : join(dirname(path), name);
}
