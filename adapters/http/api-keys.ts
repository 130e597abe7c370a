import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Person, serviceNamed } from '../../approvals/people.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Watched } from '../../lib/watched-file.ts';

const DAY_MS = 86_400_000;

export const ServiceName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'use a-z, 0-9 and -, a letter first, at most 40');

/** Whatever a key may do, a key that leaks may do: no role of a service goes beyond proposing. */
export const ServiceRole = z.enum(['engineer', 'viewer'], 'a service is engineer or viewer, nothing above');

const Key = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'use the 64 hex digits that opsagent keys api prints'),
  expires: z.iso.date('use the last day on which it counts, for example 2027-01-31').optional(),
});

const Entry = z.strictObject({
  roles: z.array(ServiceRole).min(1),
  keys: z.array(Key).min(1).max(2, 'a service has two keys at most: the present one and the next'),
});

/** A program that comes with a key, and the hashes of its keys. */
export interface Service {
  principal: Person;
  keys: readonly { hash: Buffer /** Epoch ms. */; endsAt: number }[];
}

/** The content of `API_KEYS_FILE`: name → roles and key hashes. An empty file lets no program in. */
export const ServicesFile = z
  .record(ServiceName, Entry)
  .nullable()
  .transform((entries): Service[] =>
    Object.entries(entries ?? {}).map(([name, { roles, keys }]) => ({
      principal: serviceNamed(name, roles),
      keys: keys.map(({ sha256, expires }) => ({ hash: Buffer.from(sha256, 'hex'), endsAt: endOf(expires) })),
    })),
  )
  .refine((services) => {
    const hashes = services.flatMap(({ keys }) => keys.map(({ hash }) => hash.toString('hex')));
    return new Set(hashes).size === hashes.length;
  }, 'one key stands twice');

/** The whole of the last day counts, in UTC. */
const endOf = (day: string | undefined): number =>
  day === undefined ? Number.POSITIVE_INFINITY : Date.parse(`${day}T00:00:00Z`) + DAY_MS;

export type CheckedKey = { state: 'proven'; service: Person } | { state: 'refused'; because: string; next: string };

export interface ApiKeys {
  check(key: string): CheckedKey;
}

/** Compares two hashes; a parameter only so that a test can see its absence being noticed. */
type Equal = (one: Buffer, other: Buffer) => boolean;

/**
 * Says whose a key is. Only hashes are compared, each in constant time and all of them, whichever fits and whether one does:
 * how long it takes says nothing of how near a guess was (E8). While the file is wrong the last good list counts.
 */
export function createApiKeys(
  { services, clock, log }: { services: () => Watched<readonly Service[]>; clock: Clock; log: Log },
  equal: Equal = timingSafeEqual,
): ApiKeys {
  let told: string | undefined;
  const now = () => {
    const watched = services();
    const problem = watched.state === 'stale' ? watched.problem : undefined;
    if (problem !== undefined && problem !== told)
      log.error(
        { problem },
        'API_KEYS_FILE cannot be used; where it is there and wrong, the keys it held last still count',
      );
    told = problem;
    return watched.value;
  };

  return {
    check(key) {
      const shown = hash('sha256', key, 'buffer');
      let found: { service: Person; endsAt: number } | undefined;
      for (const { principal: service, keys } of now())
        for (const { hash: known, endsAt } of keys) if (equal(shown, known)) found = { service, endsAt };
      if (!found) return { state: 'refused', because: 'OpsAgent does not know this API key.', next: NEW_KEY };
      if (clock.now() >= found.endsAt) return { state: 'refused', because: 'This API key has expired.', next: NEW_KEY };
      return { state: 'proven', service: found.service };
    },
  };
}

const NEW_KEY = 'An admin makes one with: opsagent keys api --name NAME';

/** `oak_` and 256 random bits in base64url. Only its hash is kept, by whoever writes API_KEYS_FILE. */
export function newApiKey(): { key: string; sha256: string } {
  const key = `oak_${randomBytes(32).toString('base64url')}`;
  return { key, sha256: hash('sha256', key, 'hex') };
}
