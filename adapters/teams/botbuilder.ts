import { createRequire } from 'node:module';
import { OpsError } from '../../lib/errors.ts';
import { keptWhile, reveal } from '../../lib/secret.ts';
import { botFramework, type TeamsOptions } from './options.ts';
import type { SigningKeys } from './signing-keys.ts';

type Botbuilder = typeof import('botbuilder');
type Authentication = InstanceType<Botbuilder['ConfigurationBotFrameworkAuthentication']>;
type Inbound = Parameters<Authentication['authenticateRequest']>[0];
type CredentialsFactory = InstanceType<Botbuilder['ConfigurationServiceClientCredentialFactory']>;
type Credentials = Awaited<ReturnType<CredentialsFactory['createCredentials']>>;
type Signable = Parameters<Credentials['signRequest']>[0];

/**
 * The one place that knows botbuilder: its check of who calls, and its tokens for what we say. What we say goes out by our
 * own transport: botbuilder's connector client drops every field of an activity that it does not know, and with them the AI
 * label and streams; it also follows redirects and tries again by itself, as long as a server asks.
 */
export interface Vendor {
  /** botbuilder's own check, after ours. Rejects when the caller is not the Bot Framework. */
  authenticate(caller: { channelId: string; serviceUrl: string }, authorization: string): Promise<void>;
  /** The header that says who we are; undefined without credentials. Rejects when Entra gives no token. */
  authorization(): Promise<string | undefined>;
}

const login = 'https://login.microsoftonline.com/botframework.com';
const audience = 'https://api.botframework.com';

/** Loading botbuilder costs 130 to 390 ms, so it happens at start and not where this module is imported. */
export async function loadVendor(
  options: Pick<TeamsOptions, 'credentials' | 'openId' | 'accessToken'>,
  keys: SigningKeys,
): Promise<Vendor> {
  const { credentials, openId = botFramework, accessToken } = options;
  const { default: botbuilder } = await import('botbuilder');
  const registration = credentials === 'unauthenticated-loopback' ? undefined : credentials;
  const passwordNow = () => registration?.password && reveal(registration.password);
  const factoryWith = (password: string | undefined) =>
    new botbuilder.ConfigurationServiceClientCredentialFactory({
      MicrosoftAppId: registration?.appId,
      MicrosoftAppPassword: password,
      MicrosoftAppType: registration?.appType,
      MicrosoftAppTenantId: registration?.tenantId,
    });
  const authentication = new botbuilder.ConfigurationBotFrameworkAuthentication(
    {
      ToChannelFromBotLoginUrl: login,
      ToChannelFromBotOAuthScope: audience,
      ToBotFromChannelTokenIssuer: openId.issuer,
      ToBotFromChannelOpenIdMetadataUrl: openId.metadataUrl,
      // Tokens of the Emulator are refused before botbuilder sees them.
      ToBotFromEmulatorOpenIdMetadataUrl: openId.metadataUrl,
      OAuthUrl: audience,
      CallerId: 'urn:botframework:azure',
    },
    factoryWith(passwordNow()),
  );
  shareKeys(openId.metadataUrl, keys);
  const createOwn = keptWhile(passwordNow, (password) =>
    factoryWith(password).createCredentials(registration?.appId ?? '', audience, login, true),
  );
  // A registration that cannot be used is told at start.
  if (registration) await createOwn();
  let asking: Promise<string | undefined> | undefined;
  return {
    async authenticate(caller, authorization) {
      await authentication.authenticateRequest(caller as Inbound, authorization);
    },
    async authorization() {
      if (accessToken) return `Bearer ${await accessToken()}`;
      if (!registration) return undefined;
      // botbuilder keeps a token until shortly before it expires; whoever needs it meanwhile waits for the same one.
      asking ??= createOwn()
        .then(signature)
        .finally(() => {
          asking = undefined;
        });
      return asking;
    },
  };
}

/** botbuilder gives its token to requests only. */
async function signature(credentials: Credentials): Promise<string | undefined> {
  const headers = new Map<string, string>();
  const set = (name: string, value: string) => headers.set(name.toLowerCase(), value);
  await credentials.signRequest({ headers: { set } } as unknown as Signable);
  return headers.get('authorization');
}

/**
 * Lets botbuilder verify with our keys. Its own key set fetches again for every request that waits, without a time limit,
 * and offers no way in but this static map; found from where botbuilder stands, so that it is the one it uses.
 */
function shareKeys(metadataUrl: string, keys: SigningKeys): void {
  const fromHere = createRequire(import.meta.url);
  const fromBotbuilder = createRequire(fromHere.resolve('botbuilder'));
  const { JwtTokenExtractor } = fromBotbuilder('botframework-connector/lib/auth/jwtTokenExtractor');
  const known: unknown = JwtTokenExtractor?.openIdMetadataCache;
  if (!(known instanceof Map)) {
    throw new OpsError('internal', 'botbuilder keeps its signing keys elsewhere', {
      hint: 'Use botbuilder 4.23.3, or adapt shareKeys in adapters/teams/botbuilder.ts.',
    });
  }
  known.set(metadataUrl, {
    async getKey(keyId: string) {
      const key = await keys.find(keyId);
      return key ? { key, endorsements: ['msteams'] } : null;
    },
  });
}
