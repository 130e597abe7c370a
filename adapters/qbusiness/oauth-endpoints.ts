import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { HttpsOrLoopback, readIssuerMetadata } from '../http/issuer-metadata.ts';
import type { OAuthEndpoints } from './openapi.ts';

const Metadata = z.object({ authorization_endpoint: HttpsOrLoopback, token_endpoint: HttpsOrLoopback });
const KEPT_FOR_MS = 60 * 60_000;
const TRIED_AGAIN_AFTER_MS = 30_000;

/** Where it would be if nothing is known: as a hint for whoever fills in the document by hand. */
export function usualEndpoints(issuer: string): OAuthEndpoints {
  const base = issuer.replace(/\/$/, '');
  return { authorizationUrl: `${base}/authorize`, tokenUrl: `${base}/token` };
}

/**
 * The endpoints that the provider's own metadata names, read anew each hour, by one request however many ask. While it does not answer:
 * those that it usually would have, and a line in the log. Nothing is decided by them; they stand in a document.
 */
export function readEndpoints(
  issuer: string,
  { clock, log }: { clock: Clock; log: Log },
): () => Promise<OAuthEndpoints> {
  let known = { endpoints: usualEndpoints(issuer), until: 0 };
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    try {
      const { authorization_endpoint, token_endpoint } = await readIssuerMetadata(issuer, Metadata);
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
    reading ??= read();
    await reading;
    return known.endpoints;
  };
}
