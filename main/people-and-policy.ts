import { existsSync } from 'node:fs';
import { type Service, ServicesFile } from '../adapters/http/api-keys.ts';
import { localPeople, PeopleFile, type Person } from '../approvals/people.ts';
import { defaultSettings, Settings } from '../approvals/settings.ts';
import type { Clock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import type { Log } from '../lib/log.ts';
import type { WatchedParameters } from '../lib/remote-watch.ts';
import { type Watched, watchYaml } from '../lib/watched-file.ts';

interface Parts {
  clock: Clock;
  log: Log;
}

interface PeopleAndPolicy {
  settings(): Watched<Settings>;
  peopleState(): Watched<readonly Person[]>;
  /** Reads again what is kept in Parameter Store; files are looked at by themselves. Never rejects. */
  refresh(): Promise<void>;
}

/** @throws OpsError `config_invalid` when a file or a parameter cannot be read or is wrong */
export async function openPeopleAndPolicy(config: Config, parts: Parts): Promise<PeopleAndPolicy> {
  const [policy, people] = await Promise.all([openPolicy(config, parts), openPeople(config, parts)]);
  return {
    settings: policy.now,
    peopleState: people.now,
    refresh: async () => void (await Promise.all([policy.refresh(), people.refresh()])),
  };
}

/** @throws OpsError `config_invalid` */
export async function openPolicy(config: Config, parts: Parts): Promise<WatchedParameters<Settings>> {
  const { POLICY_FILE: path, POLICY_SSM: nameOrPath } = config;
  if (nameOrPath === undefined)
    return ofFile(path === undefined ? fixed(defaultSettings) : watchYaml(path, Settings, parts.clock));
  const { openPolicyParameters } = await import('./parameters.ts');
  return openPolicyParameters(nameOrPath, { config, ...parts });
}

/** @throws OpsError `config_invalid` */
export async function openPeople(config: Config, parts: Parts): Promise<WatchedParameters<readonly Person[]>> {
  const { PEOPLE_FILE: path, PEOPLE_SSM: nameOrPath, EXECUTION_MODE } = config;
  const otherwise = EXECUTION_MODE === 'LOCAL_MOCK' ? localPeople : [];
  if (nameOrPath === undefined)
    return ofFile(path === undefined ? fixed(otherwise) : watchYaml<readonly Person[]>(path, PeopleFile, parts.clock));
  const { openPeopleParameters } = await import('./parameters.ts');
  return openPeopleParameters(nameOrPath, { config, ...parts });
}

/** @throws OpsError `config_invalid` */
export function openServices({ API_KEYS_FILE: path }: Config, clock: Clock): () => Watched<readonly Service[]> {
  if (path === undefined) return fixed([]);
  const inFile = watchYaml<readonly Service[]>(path, ServicesFile, clock);
  return () => {
    const now = inFile();
    // Whoever takes the whole file away, after a leak perhaps, takes every key with it.
    return now.state === 'stale' && !existsSync(path) ? { ...now, value: [] } : now;
  };
}

function fixed<T>(value: T): () => Watched<T> {
  return () => ({ state: 'fresh', value });
}

function ofFile<T>(now: () => Watched<T>): WatchedParameters<T> {
  return { now, refresh: async () => {} };
}
