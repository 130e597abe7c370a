import { fileURLToPath } from 'node:url';
import type { Door } from '../adapters/http/door.ts';
import { createLimits, type Limits } from '../adapters/http/limits.ts';
import { createMonitoringDoor } from '../adapters/web/monitoring-door.ts';
import type { SignInOptions } from '../adapters/web/options.ts';
import { createWeb, type Web } from '../adapters/web/web.ts';
import { note } from '../approvals/note.ts';
import type { Config } from '../lib/config.ts';
import { signInOf } from '../lib/facade-config.ts';
import { createLog } from '../lib/log.ts';
import { openTracing } from '../lib/open-tracing.ts';
import { createTelemetry } from '../lib/telemetry.ts';
import type { Live } from '../store/live/live.ts';
import { known } from '../tools/aws/simulated/known.ts';
import { openAdmission } from './admission.ts';
import { chatChannels, doorsOf } from './chat-channels.ts';
import { compose, type House } from './compose.ts';
import { consoleData } from './console-data.ts';
import { openFacades } from './facade.ts';
import { openFleet } from './fleet.ts';
import { health } from './health.ts';
import { keepFresh, refreshOnHangUp } from './keep-fresh.ts';
import { keepMetrics } from './keep-metrics.ts';
import { measureWaiting } from './measure-waiting.ts';
import { sweepOnce } from './sweep-once.ts';

const MEASURE_EVERY_MS = 5_000;
/** A disk whose commits take longer is slow: answers that write nothing are not to wait for it. */
export const LONGEST_HOLD_MS = 5;
const CONSOLE = fileURLToPath(new URL('../console/dist', import.meta.url));

/** `npm start`: what ROLE says of the doors and of the work that survives restarts. Ends on SIGTERM or SIGINT, with nothing lost. */
export async function serve(config: Config, say: (line: string) => void): Promise<void> {
  // From the first moment on: the sweep below may already be executing a change.
  const stopped = stopSignal();
  const tracing = await openTracing(config, createLog(config.LOG_LEVEL));
  const telemetry = await createTelemetry({ version: config.version, mode: config.EXECUTION_MODE }, tracing);
  const house = await compose(config, telemetry, { longestHoldMs: LONGEST_HOLD_MS });
  const fleet = await openFleet(house);
  const stopping = new AbortController();
  const sweep = () => sweepOnce(house, stopping.signal);
  const { ROLE: role } = config;
  try {
    refreshOnHangUp(house, stopping.signal);
    const chats = chatChannels(house);
    const limits = createLimits({ rates: fleet.rates });
    const port = () => Number(new URL(door.address()).port);
    const facades = openFacades(house, port, openAdmission(house, port, limits));
    const doors = [...doorsOf(chats), ...facades.doors];
    const door = role === 'worker' ? openMonitoring(house, fleet.live) : openConsole(house, fleet.live, doors, limits);
    const hosted = 'post' in door ? [door, ...chats] : chats;
    const everywhere = [{ name: 'web' }, ...chats];
    const { bot, dispatcher, lobby } = house.open(hosted, fleet.live);
    if (role !== 'web') await sweep();
    await Promise.all(chats.map((chat) => chat.start(bot.handleTurn, lobby)));
    facades.start(bot.handleTurn, lobby);
    await door.start(bot.handleTurn, lobby);
    dispatcher.start();
    if (role !== 'web') await fleet.shareRounds(sweep);
    const measuring = keepMeasuring(house, everywhere, stopping.signal);
    const refreshing = keepFresh(house, stopping.signal);
    const telling = keepMetrics(house, say, stopping.signal);
    // Not waited for: a second place that hangs must not hold up a stop; closing the house looks after it, with a limit.
    void house.trail.keep(stopping.signal);
    void house.warm();
    warnOfDeadRoutes(house, everywhere);
    greet([openedAt(house, door.address()), ...(role === 'worker' ? [] : chats.map(inGreeting))], config, say);

    await stopped;
    house.log.info({}, 'stopping');
    const waited = house.gate.stop();
    await Promise.all([door, ...chats].map((one) => one.stop()));
    await bot.drain();
    await waited;
    stopping.abort(new Error('OpsAgent is stopping'));
    await Promise.all([fleet.endRounds(), measuring, refreshing, telling]);
    await dispatcher.stop();
  } finally {
    await fleet.close();
    await house.close();
    await tracing.close();
  }
}

/** A worker hosts Slack and Teams to post there; what the console shows is said by the processes that people open it at. */
function openMonitoring(house: House, live: Live) {
  const { config, clock, log, telemetry } = house;
  const monitoring = { telemetryText: telemetry.text, health: () => health({ ...house, live }) };
  const reach = { listens: signInOf(config) ? 'network' : 'machine' } as const;
  return createMonitoringDoor({ config: { host: config.HOST, port: config.PORT }, clock, log, reach, ...monitoring });
}

function openConsole(house: House, live: Live, doors: readonly Door[], limits: Limits): Web {
  const { config, region, store, clock, log, telemetry, settings } = house;
  const { HOST: host, PORT: port, EXECUTION_MODE: mode, ENVIRONMENT: environment, version } = config;
  const { PUBLIC_URL: publicUrl, CONSOLE_FRAME_ANCESTORS: frameAncestors } = config;
  return createWeb({
    config: { host, port, mode, environment, region, version, publicUrl, frameAncestors },
    store,
    clock,
    log,
    live,
    data: consoleData(house),
    signIn: signInOptions(house),
    telemetryText: telemetry.text,
    health: () => health({ ...house, live }),
    channels: settings().value.channels,
    ...{ doors, limits, staticDir: CONSOLE },
  });
}

function signInOptions({ config, stepUp, ...house }: House): SignInOptions | undefined {
  const provider = signInOf(config);
  return provider && stepUp && { ...provider, stepUp, note: (facts) => note(house, facts) };
}

/** A route to a platform that is not set up: its cards would be asked of nobody. */
function warnOfDeadRoutes({ settings, log }: House, channels: readonly { name: string }[]): void {
  const open = new Set(channels.map(({ name }) => name));
  const routes = Object.entries(settings().value.routes).flatMap(([name, places]) =>
    places.map((to) => ({ name, to })),
  );
  for (const route of routes.filter(({ to }) => !open.has(to.slice(0, to.indexOf(':')))))
    log.warn(route, 'a route of POLICY_FILE leads to a platform that is not set up; nobody is asked there');
}

/** Slack over a Socket Mode connection has no door. */
function inGreeting({ name, doors }: ReturnType<typeof chatChannels>[number]): string {
  const title = name === 'slack' ? 'Slack' : 'Microsoft Teams';
  const [door] = doors;
  return door ? `${title} reaches it at ${door.path}` : `${title} is connected`;
}

async function keepMeasuring(house: House, channels: readonly { name: string }[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await measureWaiting(house, channels);
    await house.clock.sleep(MEASURE_EVERY_MS, signal).catch(() => undefined);
  }
}

/** With sign-in the console has one name: another address of this machine would not know the session. */
function openedAt({ stepUp, config }: House, listening: string): string {
  return stepUp && config.ROLE !== 'worker'
    ? (config.PUBLIC_URL ?? listening.replace(/\/\/[^/]*:/, '//localhost:'))
    : listening;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

function greet([address, ...chats]: readonly string[], { EXECUTION_MODE }: Config, say: (line: string) => void): void {
  const tries = EXECUTION_MODE === 'LOCAL_MOCK' ? SIMULATED_TRIES : LIVE_TRIES;
  const lines = [
    `OpsAgent listens at ${address} (${EXECUTION_MODE})`,
    ...chats,
    '',
    'Open it in a browser and say, for example:',
  ];
  for (const line of [...lines, ...tries.map((one) => `  ${one}`), '', 'Stop with Ctrl+C.']) say(line);
}

const SIMULATED_TRIES = [
  `how is ${known.sickInstance} doing?`,
  `reboot ${known.sickInstance} because it does not answer`,
  'which alarms are firing?',
];
const LIVE_TRIES = ['list ec2 instances', 'which alarms are firing?', 'help'];
