import { statSync } from 'node:fs';
import type { Service } from '../adapters/http/api-keys.ts';
import type { Config } from '../lib/config.ts';
import type { OwnKey } from '../tools/records.ts';

/** The keys of this installation whose age or end can be told, without a look into any of them. */
export function ownKeys(
  { AUDIT_SIGNING_KEY_FILE: file }: Pick<Config, 'AUDIT_SIGNING_KEY_FILE'>,
  services: readonly Service[],
): readonly OwnKey[] {
  return [...signingKey(file), ...services.flatMap(keysOf)];
}

function signingKey(file: string | undefined): OwnKey[] {
  if (file === undefined) return [];
  // A file that is gone was there at the start: its age is not known, and the start of the next process says the rest.
  const since = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return [{ name: 'audit signing key', since, repair: 'opsagent keys rotate --out FILE' }];
}

function keysOf({ principal: { name }, keys }: Service): OwnKey[] {
  return keys.map(({ endsAt }) => ({
    name: `API key of ${name}`,
    ...(Number.isFinite(endsAt) && { endsAt }),
    repair: `opsagent keys api --name ${name}`,
  }));
}
