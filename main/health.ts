import type { HealthReport } from '../adapters/web/options.ts';
import { readPause } from '../approvals/pause.ts';
import { asOpsError } from '../lib/errors.ts';
import type { House } from './compose.ts';

type Dependency = HealthReport['dependencies'][string];

type Parts = Pick<House, 'store' | 'config' | 'settings' | 'peopleState'>;

/** Status, version, mode and each dependency (A6). Down: the store does not answer, so nothing can be changed. */
export async function health({ store, config, settings, peopleState }: Parts): Promise<HealthReport> {
  const dependencies = { store: await ofStore(store), policy: ofFile(settings()), people: ofFile(peopleState()) };
  const status = overall(Object.values(dependencies).map((one) => one.status));
  return { status, version: config.version, mode: config.EXECUTION_MODE, dependencies };
}

/** Only the store can be down; a file that cannot be read, or a pause, stops changes and not reads. */
function overall(all: Dependency['status'][]): HealthReport['status'] {
  if (all.includes('down')) return 'down';
  return all.includes('degraded') ? 'degraded' : 'ok';
}

async function ofStore(store: House['store']): Promise<Dependency> {
  try {
    const paused = await readPause(store);
    return paused ? { status: 'degraded', detail: paused } : { status: 'ok' };
  } catch (error) {
    return { status: 'down', detail: asOpsError(error).message };
  }
}

function ofFile(watched: ReturnType<House['settings']> | ReturnType<House['peopleState']>): Dependency {
  return watched.state === 'fresh' ? { status: 'ok' } : { status: 'degraded', detail: watched.problem };
}
