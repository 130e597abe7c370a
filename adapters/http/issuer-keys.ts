import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { asOpsError, OpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { fetchJson, isHttpsOrLoopback } from './fetch-json.ts';

const FRESH_MS = 10 * 60_000;
/** Keys that were fetched no longer ago serve on while the issuer is away. */
const TRUSTED_MS = 60 * 60_000;
/** A key id that nobody knows asks for the keys anew at most this often, whoever sends it. */
const REST_MS = 30_000;
/** After a failed attempt nobody tries again for this long. */
const RETRY_MS = 5_000;

const Metadata = z.object({ issuer: z.string(), jwks_uri: z.string().refine(isHttpsOrLoopback) });
const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional() })).max(100) });

/** The keys with which the issuer signs. Nothing that a token says of itself leads to a key but its `kid`. */
export interface IssuerKeys {
  /**
   * For `jwtVerify`.
   *
   * @throws OpsError `identity_unavailable` when it cannot be known; an error of jose when the issuer has no such key
   */
  find: JWTVerifyGetKey;
}

interface Held {
  find: JWTVerifyGetKey;
  ids: ReadonlySet<string | undefined>;
  loadedAt: number;
}

/** Fetched when first needed and again after ten minutes, by one request however many wait. */
export function createIssuerKeys(issuer: string, clock: Clock, log: Log): IssuerKeys {
  let held: Held | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;

  async function load(): Promise<void> {
    try {
      held = { ...(await fetchKeys(issuer)), loadedAt: clock.now() };
      failedAt = Number.NEGATIVE_INFINITY;
    } catch (error) {
      failedAt = clock.now();
      log.error({ issuer, error: asOpsError(error).message }, 'the keys of the identity provider could not be fetched');
    } finally {
      loading = undefined;
    }
  }

  const ageOf = ({ loadedAt }: Held): number => clock.now() - loadedAt;

  /** Undefined when nothing is to be fetched now. */
  function fetching(knows: boolean): Promise<void> | undefined {
    if (loading) return loading;
    const rests = clock.now() - failedAt < RETRY_MS || (held && ageOf(held) < (knows ? FRESH_MS : REST_MS));
    if (rests) return undefined;
    loading = load();
    return loading;
  }

  return {
    async find(header, token) {
      const knows = held?.ids.has(header.kid) === true && ageOf(held) < TRUSTED_MS;
      const fetched = fetching(knows);
      // Whoever comes with a key that is known does not wait for the issuer.
      if (!knows) await fetched;
      if (!held || ageOf(held) >= TRUSTED_MS) throw away();
      // The issuer may have made this key while it does not answer.
      if (!held.ids.has(header.kid) && failedAt > held.loadedAt) throw away();
      return held.find(header, token);
    },
  };
}

async function fetchKeys(issuer: string): Promise<Pick<Held, 'find' | 'ids'>> {
  const metadata = Metadata.parse(await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
  if (metadata.issuer !== issuer)
    throw new Error(`the issuer there calls itself ${JSON.stringify(metadata.issuer.slice(0, 200))}`);
  const { keys } = KeySet.parse(await fetchJson(metadata.jwks_uri));
  return { find: createLocalJWKSet({ keys }), ids: new Set(keys.map(({ kid }) => kid)) };
}

const away = (): OpsError =>
  new OpsError('identity_unavailable', 'The identity provider does not answer, so the token cannot be checked.', {
    hint: 'Try again in a moment. If it goes on, an admin checks that OpsAgent reaches OIDC_ISSUER.',
    retryable: true,
  });
