import { errors, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { OpsError } from '../../lib/errors.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import { structuralFlaw } from './json-body.ts';

const SKEW_S = 60;
const LONGEST = 8 * 1024;
const DEEPEST = 8;

/** Asymmetric only: with HS256 the issuer's public key would be a password that everybody knows. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

const TYPES = ['at+jwt', 'application/at+jwt', 'jwt'];

/** Header fields by which a token could bring its own key, or ask for rules we do not know. */
const REFUSED_FIELDS = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip'];

const Header = z
  .looseObject({
    alg: z.enum(ALGORITHMS),
    kid: z.string().min(1).max(200),
    typ: z
      .string()
      .refine((typ) => TYPES.includes(typ.toLowerCase()))
      .optional(),
  })
  .refine((header) => REFUSED_FIELDS.every((field) => !(field in header)));

const Claims = z.object({
  sub: z.string().min(1).max(255),
  auth_time: z.number().int().positive().optional(),
  email_verified: z.unknown().optional(),
});

/** ASCII only, so that nothing that looks alike is the same. */
const Email = z
  .string()
  .max(254)
  .regex(/^[\x21-\x7e]+@[\x21-\x7e]+$/);

export type Checked =
  | { state: 'proven'; email: string; signedInAt?: number }
  /** `because` and `next` are for the sender; `detail` is for the log. Neither holds any of the token. */
  | { state: 'refused'; because: string; next: string; detail: string };

export interface Bearer {
  /** `token`: what follows `Bearer `. @throws OpsError `identity_unavailable`: then nobody is let in */
  check(token: string): Promise<Checked>;
}

interface Expected {
  issuer: string;
  /** One of them has to stand in `aud`. */
  audiences: readonly [string, ...string[]];
  keys: IssuerKeys;
  clock: Clock;
}

/** Says whose an access token is: signed by the issuer, for OpsAgent, now, with the e-mail of a person. RFC 9068, RFC 8725. */
export function createBearer({ issuer, audiences, keys, clock }: Expected): Bearer {
  const verify = async (token: string): Promise<JWTVerifyResult | Checked> => {
    try {
      return await jwtVerify(token, keys.find, {
        issuer,
        audience: [...audiences],
        algorithms: ALGORITHMS,
        clockTolerance: SKEW_S,
        currentDate: new Date(clock.now()),
        requiredClaims: ['iss', 'aud', 'exp', 'sub'],
      });
    } catch (error) {
      if (error instanceof OpsError) throw error;
      return refusedBecauseOf(error, audiences[0]);
    }
  };

  return {
    async check(token) {
      const flaw = flawOf(token);
      if (flaw) return refused('The token is not one that OpsAgent takes.', NEW_TOKEN, flaw);
      const verified = await verify(token);
      return 'state' in verified ? verified : whose(verified.payload, clock.now());
    },
  };
}

/** What is wrong with its form, before a key is looked for. */
function flawOf(token: string): string | undefined {
  if (token.length > LONGEST) return 'longer than 8 KB';
  const parts = token.split('.');
  if (parts.length !== 3) return 'not three parts';
  const [head = '', body = ''] = parts.map((part) => decoded(part));
  if (parts.some((part) => decoded(part) === undefined)) return 'a part is not base64url';
  if (!Header.safeParse(parsed(head)).success) return 'its header';
  if (parsed(body) === undefined) return 'its claims are not JSON';
  return structuralFlaw(head, DEEPEST) ?? structuralFlaw(body, DEEPEST);
}

/** Undefined when the text is not the one base64url form of its bytes. */
function decoded(part: string): string | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return part !== '' && bytes.toString('base64url') === part ? bytes.toString('utf8') : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function whose(payload: JWTPayload, now: number): Checked {
  const claims = Claims.safeParse(payload);
  if (!claims.success) return refused('The token lacks a claim that OpsAgent needs.', NEW_TOKEN, 'sub or auth_time');
  const { auth_time, email_verified } = claims.data;
  const email = Email.safeParse(payload.email);
  if (!email.success)
    return refused(
      'The token does not say whose e-mail it is.',
      'Let the provider put the claim email into access tokens: docs/identity.md.',
      'no e-mail',
    );
  if (email_verified === false || email_verified === 'false')
    return refused(
      'The e-mail in the token is not verified.',
      'Verify it with the identity provider, then sign in again.',
      'e-mail not verified',
    );
  return {
    state: 'proven',
    email: email.data,
    ...(auth_time !== undefined && { signedInAt: Math.min(auth_time * 1000, now) }),
  };
}

const NEW_TOKEN = 'Ask the identity provider for a new access token for OpsAgent.';

const refused = (because: string, next: string, detail: string): Checked => ({
  state: 'refused',
  because,
  next,
  detail,
});

function refusedBecauseOf(error: unknown, audience: string): Checked {
  if (error instanceof errors.JWTExpired) return refused('The token has expired.', NEW_TOKEN, error.code);
  if (!(error instanceof errors.JWTClaimValidationFailed)) {
    const detail = error instanceof errors.JOSEError ? error.code : String(error);
    return refused('The token is not signed by the identity provider.', NEW_TOKEN, detail);
  }
  const detail = `${error.code} ${error.claim}`;
  if (error.claim === 'aud')
    return refused('The token is for somebody else.', `Ask for a token whose aud is ${audience}.`, detail);
  if (error.claim === 'iss') return refused('The token is of another issuer.', NEW_TOKEN, detail);
  if (error.claim === 'nbf') return refused('The token is not valid yet.', 'Set the clocks right, or wait.', detail);
  return refused('The token lacks a claim that OpsAgent needs.', NEW_TOKEN, detail);
}
