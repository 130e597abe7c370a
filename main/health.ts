import type { HealthReport } from '../adapters/web/options.ts';
import { readPause } from '../approvals/pause.ts';
import { asOpsError } from '../lib/errors.ts';
import type { House } from './compose.ts';

type Dependency = HealthReport['dependencies'][string];

/** Status, version, mode and each dependency (A6). Down: the store does not answer, so nothing can be changed. */
export async function health({ store, config, settings, peopleState }: House): Promise<HealthReport> {
  const dependencies = { store: await ofStore(store), policy: ofFile(settings()), people: ofFile(peopleState()) };
  const all = Object.values(dependencies);
  const status =
    dependencies.store.status === 'down' ? 'down' : all.some((one) => one.status !== 'ok') ? 'degraded' : 'ok';
  return { status, version: config.version, mode: config.EXECUTION_MODE, dependencies };
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
