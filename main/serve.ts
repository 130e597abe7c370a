import { fileURLToPath } from 'node:url';
import { createWeb } from '../adapters/web/web.ts';
import type { Config } from '../lib/config.ts';
import { createTelemetry } from '../lib/telemetry.ts';
import { known } from '../tools/aws/simulated/known.ts';
import { compose, type House } from './compose.ts';
import { consoleData } from './console-data.ts';
import { health } from './health.ts';
import { sweepOnce } from './sweep-once.ts';

const SWEEP_EVERY_MS = 5_000;
const CONSOLE = fileURLToPath(new URL('../console/dist', import.meta.url));

/** `npm start`: the console, and the work that survives restarts. Ends on SIGTERM or SIGINT, with nothing lost. */
export async function serve(config: Config, say: (line: string) => void): Promise<void> {
  // From the first moment on: the sweep below may already be executing a change.
  const stopped = stopSignal();
  const telemetry = await createTelemetry({ version: config.version, mode: config.EXECUTION_MODE });
  const house = await compose(config, telemetry);
  const web = createWeb({
    config: {
      host: config.HOST,
      port: config.PORT,
      mode: config.EXECUTION_MODE,
      environment: config.ENVIRONMENT,
      region: house.region,
      version: config.version,
    },
    store: house.store,
    clock: house.clock,
    log: house.log,
    data: consoleData(house),
    telemetryText: telemetry.text,
    health: () => health(house),
    channels: house.settings().value.channels,
    staticDir: CONSOLE,
  });
  const { bot, dispatcher } = house.open([web]);
  const stopping = new AbortController();
  await sweepOnce(house, stopping.signal);
  await web.start(bot.handleTurn);
  dispatcher.start();
  const sweeping = keepSweeping(house, stopping.signal);
  greet(web.address(), config, say);

  await stopped;
  house.log.info({}, 'stopping');
  await web.stop();
  await bot.drain();
  stopping.abort(new Error('OpsAgent is stopping'));
  await sweeping;
  await dispatcher.stop();
  await house.close();
}

async function keepSweeping(house: House, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await house.clock.sleep(SWEEP_EVERY_MS, signal).catch(() => undefined);
    if (!signal.aborted) await sweepOnce(house, signal);
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

function greet(address: string, { EXECUTION_MODE }: Config, say: (line: string) => void): void {
  const { sickInstance } = known;
  const lines = [
    `OpsAgent listens at ${address} (${EXECUTION_MODE})`,
    '',
    'Open it in a browser and say, for example:',
    `  how is ${sickInstance} doing?`,
    `  reboot ${sickInstance} because it does not answer`,
    '  which alarms are firing?',
    '',
    'Stop with Ctrl+C.',
  ];
  for (const line of lines) say(line);
}
