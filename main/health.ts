import type { HealthReport } from '../adapters/web/options.ts';
import { readPause } from '../approvals/pause.ts';
import type { Settings } from '../approvals/settings.ts';
import type { Status } from '../cards/view.ts';
import type { Config } from '../lib/config.ts';
import { asOpsError } from '../lib/errors.ts';
import type { Watched } from '../lib/watched-file.ts';
import type { Live } from '../store/live/live.ts';
import type { Store } from '../store/store.ts';
import type { AuditTrail } from './audit-trail.ts';

type Dependency = HealthReport['dependencies'][string];

interface Parts {
  store: Store;
  config: Config;
  settings(): Watched<Pick<Settings, 'changes'>>;
  peopleState(): Watched<unknown>;
  services(): Watched<unknown>;
  trail: Pick<AuditTrail, 'behind'>;
  /** Why this process lets no change run; nothing while it does. */
  trouble(): string | undefined;
  /** Where there are other processes to hear of. */
  live?: Pick<Live, 'state'>;
}

/** Status, version, mode and each dependency (A6). Down: the store does not answer, so nothing can be changed. */
export async function health(parts: Parts): Promise<HealthReport> {
  const { store, config, settings, peopleState, services, trail, trouble, live } = parts;
  const dependencies = {
    store: await ofStore(store),
    policy: ofPolicy(settings()),
    people: ofFile(peopleState()),
    ...ofKeys(services()),
    ...ofTrail(trail.behind()),
    ...ofTrouble(trouble()),
    ...ofRedis(live?.state()),
  };
  const status = overall(Object.values(dependencies).map((one) => one.status));
  return { status, version: config.version, mode: config.EXECUTION_MODE, dependencies };
}

/** Only the store can be down; a file that cannot be read, or a pause, stops changes and not reads. */
function overall(all: Dependency['status'][]): HealthReport['status'] {
  if (all.includes('down')) return 'down';
  return all.includes('degraded') ? 'degraded' : 'ok';
}

async function ofStore(store: Store): Promise<Dependency> {
  try {
    const paused = await readPause(store);
    return paused ? { status: 'degraded', detail: paused } : { status: 'ok' };
  } catch (error) {
    return { status: 'down', detail: asOpsError(error).message };
  }
}

function ofFile(watched: Watched<unknown>): Dependency {
  return watched.state === 'fresh' ? { status: 'ok' } : { status: 'degraded', detail: watched.problem };
}

function ofPolicy(watched: Watched<Pick<Settings, 'changes'>>): Dependency {
  if (watched.state === 'stale' || watched.value.changes === 'allowed') return ofFile(watched);
  return { status: 'degraded', detail: 'every change is paused by the policy (changes: paused)' };
}

/** Named only while something is wrong. */
function ofTrouble(trouble: string | undefined): Record<string, Dependency> {
  return trouble === undefined ? {} : { changes: { status: 'degraded', detail: trouble } };
}

/** Named only while something is wrong: a key that was taken out still counts then. Most houses have no programs. */
function ofKeys(services: Watched<unknown>): Record<string, Dependency> {
  return services.state === 'fresh' ? {} : { api_keys: ofFile(services) };
}

/** Named only while something is wrong: most houses keep no record outside. */
function ofTrail(behind: string | undefined): Record<string, Dependency> {
  return behind === undefined ? {} : { audit: { status: 'degraded', detail: behind } };
}

/** Without it everything goes on, only slower: never down. Not named where there is none. */
function ofRedis(state: ReturnType<Live['state']> | undefined): Record<string, Dependency> {
  switch (state) {
    case 'connected':
      return { redis: { status: 'ok' } };
    case 'lost':
      return { redis: { status: 'degraded', detail: 'Redis is lost: other processes are heard of more slowly' } };
    default:
      return {};
  }
}

/** The same for a card: one sentence. */
export async function healthInWords(parts: Parts): Promise<{ status: Status; words: string }> {
  const { status, version, mode, dependencies } = await health(parts);
  const wrong = Object.entries(dependencies).flatMap(([name, { status: one, detail }]) =>
    one === 'ok' ? [] : [`${name} is ${one}${detail ? `: ${detail}` : ''}`],
  );
  if (status === 'ok') return { status: 'good', words: `Version ${version}, ${mode}. Everything answers.` };
  return { status: status === 'down' ? 'bad' : 'warning', words: `Version ${version}, ${mode}. ${wrong.join('; ')}.` };
}
