import { z } from 'zod';
import { fetchJson, isHttpsOrLoopback } from './fetch-json.ts';

/** Of a server that may be asked: over https, or on this machine. */
export const HttpsOrLoopback = z.string().refine(isHttpsOrLoopback);

/**
 * What an issuer publishes of itself, as far as `schema` asks. It must call itself exactly as it is configured.
 *
 * @throws Error for anything else, with words for a log
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export async function readIssuerMetadata<T extends z.ZodRawShape>(issuer: string, schema: z.ZodObject<T>) {
  const document = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const named = z.object({ issuer: z.string() }).parse(document).issuer;
  if (named !== issuer) throw new Error(`the issuer there calls itself ${JSON.stringify(named.slice(0, 200))}`);
  return schema.parse(document);
}
