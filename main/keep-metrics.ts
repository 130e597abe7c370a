import { appendFile } from 'node:fs/promises';
import { embeddedMetrics } from '../lib/embedded-metrics.ts';
import { asOpsError } from '../lib/errors.ts';
import type { Sample } from '../lib/telemetry.ts';
import type { House } from './compose.ts';

const EVERY_MS = 60_000;

/**
 * Writes what `/metrics` counts to METRICS_EMF each minute until `signal` aborts, and a last time then. Never rejects: what could not
 * be written is told with the next minute. Without the key: nothing.
 */
export async function keepMetrics(
  { config, clock, log, telemetry }: Pick<House, 'config' | 'clock' | 'log' | 'telemetry'>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { METRICS_EMF: target, EXECUTION_MODE: mode, version } = config;
  if (target === undefined) return;
  let before: readonly Sample[] = [];
  while (!signal.aborted) {
    await clock.sleep(EVERY_MS, signal).catch(() => undefined);
    try {
      const samples = await telemetry.samples();
      const lines = embeddedMetrics(samples, before, { mode, version }, clock.now());
      // Opened anew each time: whoever rotates logs may take the file away.
      if (target !== 'stdout') await appendFile(target, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
      else for (const line of lines) say(line);
      before = samples;
    } catch (error) {
      log.warn({ error: asOpsError(error).message }, 'metrics could not be written to METRICS_EMF');
    }
  }
}
