import { createProvider, type ProviderConfig } from '../adapters/web/sign-in/provider.ts';
import { SignInFailed } from '../adapters/web/sign-in/provider-fault.ts';
import type { Clock } from '../lib/clock.ts';
import { fail, ok, type Seen } from './finding.ts';

/** Whether people could be sent to the sign-in service now: it answers, and by the name it is configured with. */
export async function signInCheck(config: ProviderConfig, clock: Clock): Promise<Seen> {
  const provider = createProvider(config, clock);
  const { host } = new URL(config.issuer);
  try {
    const ties = await provider.ties();
    await provider.address({ ...ties, redirectUri: 'http://localhost/auth/callback', fresh: false });
    return ok(`${host} answers`);
  } catch (thrown) {
    if (!(thrown instanceof SignInFailed)) throw thrown;
    if (thrown.problem === 'away')
      return fail(`${host} does not answer`, 'Check OIDC_ISSUER, the network and the proxy on the way there.');
    return fail(
      `${host} is not the provider that is configured: ${thrown.message}`,
      'Set OIDC_ISSUER to the name the provider calls itself, to the letter; docs/sign-in.md has examples.',
    );
  }
}
