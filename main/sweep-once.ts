import { asOpsError } from '../lib/errors.ts';
import type { House } from './compose.ts';

/** Takes up what stopped processes left. A sweep that fails is logged and tried again by whoever comes next: reads go on without it. */
export async function sweepOnce({ gate, log, telemetry }: House, signal: AbortSignal): Promise<void> {
  telemetry.sweeps.inc();
  try {
    const swept = await gate.sweep(signal);
    if (Object.values(swept).some((count) => count > 0)) log.info(swept, 'took up what was left');
  } catch (error) {
    if (!signal.aborted) log.warn({ error: asOpsError(error).message }, 'a sweep failed and will be tried again');
  }
}
