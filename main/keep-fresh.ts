import { hasFreshSecrets } from '../lib/fresh-secrets.ts';
import type { House } from './compose.ts';

const EVERY_MS = 60_000;

/** Reads what is kept in AWS again each minute, until `signal` aborts. Where nothing is that may change: nothing. */
export async function keepFresh(
  house: Pick<House, 'config' | 'clock' | 'refresh'>,
  signal: AbortSignal,
): Promise<void> {
  if (!isRemote(house)) return;
  while (!signal.aborted) {
    await house.clock.sleep(EVERY_MS, signal).catch(() => undefined);
    if (!signal.aborted) await house.refresh();
  }
}

/** The same at once on SIGHUP; where nothing is kept in AWS the signal keeps its usual meaning. */
export function refreshOnHangUp(house: Pick<House, 'config' | 'refresh'>, signal: AbortSignal): void {
  if (!isRemote(house)) return;
  const refresh = () => void house.refresh();
  process.on('SIGHUP', refresh);
  signal.addEventListener('abort', () => process.off('SIGHUP', refresh), { once: true });
}

function isRemote({ config }: Pick<House, 'config'>): boolean {
  return (config.PEOPLE_SSM ?? config.POLICY_SSM) !== undefined || hasFreshSecrets(config);
}
