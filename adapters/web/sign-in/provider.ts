import type { Configuration, ServerMetadata } from 'openid-client';
import { STEP_UP_MS } from '../../../approvals/step-up.ts';
import type { Clock } from '../../../lib/clock.ts';
import { fetchSmall, isHttpsOrLoopback } from '../../http/fetch-json.ts';
import { providerFault, SignInFailed } from './provider-fault.ts';

/** One request to the provider. */
const TIMEOUT_SECONDS = 5;
/** Its addresses are read again after this. */
const METADATA_MS = 10 * 60_000;
const SKEW_SECONDS = 30;
/** Where people are sent, and where we ask. */
const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri'] as const;

export interface ProviderConfig {
  /** Compared byte for byte with what the provider calls itself. */
  issuer: string;
  clientId: string;
  clientSecret: string;
}

/** What one sign-in is tied to; made for it and used once. */
export interface Ties {
  state: string;
  nonce: string;
  verifier: string;
}

export interface Asked extends Ties {
  redirectUri: string;
  /** Ask for the password again, whoever is signed in there. */
  fresh: boolean;
  /** Whom to offer first; decides nothing. */
  person?: string;
}

/** What the provider says of somebody, its signature checked. */
export interface Claims {
  email: string | undefined;
  /** Epoch ms; absent where the provider does not say it. */
  signedInAt: number | undefined;
}

/** The organisation's sign-in service: OpenID Connect, code flow with PKCE. Its one door in this house. */
export interface Provider {
  ties(): Promise<Ties>;
  /** Where the browser is sent. @throws SignInFailed */
  address(asked: Asked): Promise<URL>;
  /** `back` is the address the browser came back to. @throws SignInFailed */
  finish(back: URL, ties: Ties, fresh: boolean): Promise<Claims>;
}

export function createProvider({ issuer, clientId, clientSecret }: ProviderConfig, clock: Clock): Provider {
  let known: { metadata: Promise<ServerMetadata>; until: number } | undefined;

  async function discover(): Promise<ServerMetadata> {
    const { allowInsecureRequests, customFetch, discovery } = await import('openid-client');
    const execute = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
    const options = { execute, timeout: TIMEOUT_SECONDS, [customFetch]: fetchSmall };
    const metadata = (await discovery(new URL(issuer), clientId, clientSecret, undefined, options)).serverMetadata();
    if (metadata.issuer !== issuer) throw new SignInFailed('refused', `the provider calls itself ${metadata.issuer}`);
    const odd = ENDPOINTS.find((name) => metadata[name] !== undefined && !isHttpsOrLoopback(metadata[name]));
    if (odd) throw new SignInFailed('refused', `the provider’s ${odd} is not on https`);
    return { ...metadata };
  }

  /** Several who sign in together ask once; what failed is asked again by the next. */
  function metadataNow(): Promise<ServerMetadata> {
    if (known && clock.now() < known.until) return known.metadata;
    const asked = { metadata: discover(), until: clock.now() + METADATA_MS };
    known = asked;
    asked.metadata.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked.metadata;
  }

  /** Anew for each sign-in: it keeps the provider's keys, and keys may have changed since. */
  async function configuration(): Promise<Configuration> {
    const metadata = await metadataNow();
    const client = await import('openid-client');
    const posts = metadata.token_endpoint_auth_methods_supported?.includes('client_secret_post');
    const authenticate = posts ? client.ClientSecretPost(clientSecret) : client.ClientSecretBasic(clientSecret);
    const config = new client.Configuration(
      metadata,
      clientId,
      { [client.clockTolerance]: SKEW_SECONDS },
      authenticate,
    );
    config.timeout = TIMEOUT_SECONDS;
    config[client.customFetch] = fetchSmall;
    if (issuer.startsWith('http:')) client.allowInsecureRequests(config);
    // The token comes over TLS from the provider itself; its signature is checked all the same.
    client.enableNonRepudiationChecks(config);
    return config;
  }

  return {
    async ties() {
      const { randomNonce, randomPKCECodeVerifier, randomState } = await import('openid-client');
      return { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    },
    async address({ state, nonce, verifier, redirectUri, fresh, person }) {
      try {
        const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import('openid-client');
        return buildAuthorizationUrl(await configuration(), {
          ...{ redirect_uri: redirectUri, scope: 'openid email', state, nonce },
          ...{ code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
          ...(person && { login_hint: person }),
          ...(fresh && { prompt: 'login', max_age: String(STEP_UP_MS / 1000) }),
        });
      } catch (thrown) {
        throw providerFault(thrown);
      }
    },
    async finish(back, { state, nonce, verifier }, fresh) {
      try {
        const { authorizationCodeGrant, fetchUserInfo } = await import('openid-client');
        const checks = {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        };
        const maxAge = fresh ? { maxAge: STEP_UP_MS / 1000 } : {};
        const config = await configuration();
        const tokens = await authorizationCodeGrant(config, back, { ...checks, ...maxAge });
        const claims = tokens.claims();
        if (!claims) throw new SignInFailed('refused', 'the provider sent no ID token');
        if (claims.email !== undefined) return claimsOf(claims);
        // Some keep the ID token thin, and say the rest where they are asked with the access token.
        const more = await fetchUserInfo(config, tokens.access_token, claims.sub);
        return claimsOf({ ...more, auth_time: claims.auth_time });
      } catch (thrown) {
        throw providerFault(thrown);
      }
    },
  };
}

/** An address that its provider has not verified is nobody's; some say so as text. */
function claimsOf({ email, email_verified: verified, auth_time: at }: Record<string, unknown>): Claims {
  const isVerified = verified !== false && verified !== 'false';
  return {
    email: typeof email === 'string' && isVerified && /^[\x21-\x7e]{3,254}$/.test(email) ? email : undefined,
    signedInAt: typeof at === 'number' ? at * 1000 : undefined,
  };
}
