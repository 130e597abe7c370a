import { verify } from 'node:crypto';
import { z } from 'zod';
import type { SigningKeys } from './signing-keys.ts';

const SKEW_S = 5 * 60;
const LONGEST = 8 * 1024;

/** One token, the scheme as Teams writes it, one space. */
const bearer = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/** Header fields by which a token could bring its own key, or ask for rules we do not know. */
const refusedFields = ['jku', 'jwk', 'x5u', 'x5c', 'crit'];

const Header = z
  .looseObject({ alg: z.literal('RS256'), kid: z.string().min(1).max(200) })
  .refine((header) => refusedFields.every((field) => !(field in header)));

const Claims = z.object({
  iss: z.string(),
  aud: z.string(),
  serviceurl: z.string(),
  exp: z.number(),
  nbf: z.number().optional(),
});

export interface Expected {
  issuer: string;
  appId: string;
  /** Epoch ms. */
  now: number;
}

export interface Accepted {
  keyId: string;
  /** The place the token is for; an activity from any other is refused. */
  serviceUrl: string;
  /** Epoch ms. */
  expiresAt: number;
}

/**
 * Whether a token says that the Bot Framework speaks, to this bot, now; and from where. Undefined for everything else.
 * Stricter than botbuilder, which takes keys without endorsement and tokens of other issuers, and notes each before it verifies.
 */
export async function checkBearer(
  header: string,
  keys: SigningKeys,
  { issuer, appId, now }: Expected,
): Promise<Accepted | undefined> {
  const parts = header.length <= LONGEST ? bearer.exec(header) : null;
  if (!parts) return undefined;
  const [, head = '', body = '', seal = ''] = parts;
  const signature = bytes(seal);
  const says = Header.safeParse(json(head));
  const claims = Claims.safeParse(json(body));
  if (!signature || !says.success || !claims.success) return undefined;

  const { iss, aud, serviceurl, exp, nbf } = claims.data;
  const seconds = now / 1000;
  if (iss !== issuer || aud !== appId) return undefined;
  if (exp + SKEW_S <= seconds || (nbf !== undefined && nbf - SKEW_S > seconds)) return undefined;

  const key = await keys.find(says.data.kid);
  const signed = key && verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, signature);
  return signed ? { keyId: says.data.kid, serviceUrl: serviceurl, expiresAt: exp * 1000 } : undefined;
}

function json(part: string): unknown {
  const text = bytes(part)?.toString('utf8');
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Undefined when the text is not the one base64url form of its bytes. */
function bytes(part: string): Buffer | undefined {
  const decoded = Buffer.from(part, 'base64url');
  return decoded.toString('base64url') === part ? decoded : undefined;
}
