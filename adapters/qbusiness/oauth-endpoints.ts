import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { fetchJson } from '../http/fetch-json.ts';
import type { OAuthEndpoints } from './openapi.ts';

const web = z.url({ protocol: /^https?$/ });
const Metadata = z.object({ authorization_endpoint: web, token_endpoint: web });
const KEPT_FOR_MS = 60 * 60_000;
const TRIED_AGAIN_AFTER_MS = 30_000;

/** Where it would be if nothing is known: as a hint for whoever fills in the document by hand. */
export function usualEndpoints(issuer: string): OAuthEndpoints {
  const base = issuer.replace(/\/$/, '');
  return { authorizationUrl: `${base}/authorize`, tokenUrl: `${base}/token` };
}

/**
 * The endpoints that the provider's own metadata names, read anew each hour. While it does not answer: those that it usually would have,
 * and a line in the log. Nothing is decided by them; they stand in a document.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export function readEndpoints(
  issuer: string,
  { clock, log }: { clock: Clock; log: Log },
): () => Promise<OAuthEndpoints> {
  let known = { endpoints: usualEndpoints(issuer), until: 0 };
  let reading: Promise<void> | undefined;

  async function readNow(): Promise<void> {
    try {
      const metadata = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
      const { authorization_endpoint, token_endpoint } = Metadata.parse(metadata);
      const endpoints = { authorizationUrl: authorization_endpoint, tokenUrl: token_endpoint };
      known = { endpoints, until: clock.now() + KEPT_FOR_MS };
    } catch (error) {
      log.warn(
        { error: asOpsError(error).message },
        'the metadata of OIDC_ISSUER could not be read for the OpenAPI document',
      );
      known = { ...known, until: clock.now() + TRIED_AGAIN_AFTER_MS };
    } finally {
      reading = undefined;
    }
  }

  return async () => {
    if (clock.now() < known.until) return known.endpoints;
    // Anybody may ask for the document; however many do, the provider is asked once.
    reading ??= readNow();
    await reading;
    return known.endpoints;
  };
}
