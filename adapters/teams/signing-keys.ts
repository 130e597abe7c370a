import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';

const DAY_MS = 86_400_000;
/** An unknown key id asks for the keys anew at most this often, whoever sends it. */
const REST_MS = 5 * 60_000;
/** After a failed attempt nobody tries again for this long. */
const RETRY_MS = 5_000;
const ANSWER_WITHIN_MS = 5_000;
const SMALLEST_KEY_BITS = 2048;

const Metadata = z.object({ jwks_uri: z.url({ protocol: /^https?$/ }) });
const KeySet = z.object({ keys: z.array(z.unknown()).max(1000) });
const Jwk = z.object({
  kty: z.literal('RSA'),
  kid: z.string().min(1),
  n: z.string(),
  e: z.string(),
  endorsements: z.array(z.string()),
});

/** The Bot Framework's keys that are endorsed to sign for Teams. */
export interface SigningKeys {
  /** Undefined when there is no such key, or none could be fetched. Never rejects. */
  find(keyId: string): Promise<KeyObject | undefined>;
  /** Whether it is one of the keys held now. */
  holds(keyId: string): boolean;
}

/** Fetched when first needed and once a day, by one request however many wait; old keys serve a second day while the issuer is away. */
export function createSigningKeys(metadataUrl: string, clock: Clock, log: Log): SigningKeys {
  let keys: ReadonlyMap<string, KeyObject> = new Map();
  let loadedAt = Number.NEGATIVE_INFINITY;
  let failedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;

  async function load(): Promise<void> {
    try {
      keys = await fetchKeys(metadataUrl);
      loadedAt = clock.now();
    } catch (error) {
      failedAt = clock.now();
      log.error({ error: asOpsError(error).message }, 'the signing keys of the Bot Framework could not be fetched');
    } finally {
      loading = undefined;
    }
  }

  function isDue(keyId: string): boolean {
    const age = clock.now() - loadedAt;
    return age >= (keys.has(keyId) ? DAY_MS : REST_MS) && clock.now() - failedAt >= RETRY_MS;
  }

  return {
    async find(keyId) {
      if (loading || isDue(keyId)) {
        loading ??= load();
        await loading;
      }
      return clock.now() - loadedAt < 2 * DAY_MS ? keys.get(keyId) : undefined;
    },
    holds: (keyId) => keys.has(keyId),
  };
}

async function fetchKeys(metadataUrl: string): Promise<ReadonlyMap<string, KeyObject>> {
  const { jwks_uri } = Metadata.parse(await getJson(metadataUrl));
  if (new URL(jwks_uri).origin !== new URL(metadataUrl).origin)
    throw new Error(`the keys are said to be at ${jwks_uri}`);
  const { keys } = KeySet.parse(await getJson(jwks_uri));
  const usable = keys.flatMap((key): [string, KeyObject][] => {
    const { success, data } = Jwk.safeParse(key);
    if (!success || !data.endorsements.includes('msteams')) return [];
    const parsed = publicKey(data);
    return parsed ? [[data.kid, parsed]] : [];
  });
  if (usable.length === 0) throw new Error('no key is endorsed for msteams');
  return new Map(usable);
}

function publicKey({ kty, n, e }: z.output<typeof Jwk>): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= SMALLEST_KEY_BITS ? key : undefined;
  } catch {
    return undefined;
  }
}

async function getJson(url: string): Promise<unknown> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const answer = await fetch(url, { redirect: 'error', headers: { accept: 'application/json' }, signal });
  if (answer.ok) return answer.json();
  await answer.body?.cancel();
  throw new Error(`${url} answered ${answer.status}`);
}
