import type { Clock } from '../../lib/clock.ts';
import { OpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { loadVendor } from './botbuilder.ts';
import { botFramework, type TeamsCredentials } from './options.ts';
import { createSigningKeys } from './signing-keys.ts';

/**
 * Has Entra give the token that goes with every message to Teams; it is thrown away.
 *
 * @throws OpsError `config_invalid` when Entra gives none
 */
export async function checkTeamsToken(credentials: TeamsCredentials, clock: Clock, log: Log): Promise<void> {
  const vendor = await loadVendor({ credentials }, createSigningKeys(botFramework.metadataUrl, clock, log));
  const token = await vendor.authorization().catch((cause: unknown) => refused(cause));
  if (token === undefined) refused(undefined);
}

function refused(cause: unknown): never {
  throw new OpsError('config_invalid', 'Entra gives no token for the app registration of Teams.', {
    hint: 'Check that login.microsoftonline.com can be reached, then MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD (the secret’s Value; it expires) and MICROSOFT_APP_TENANT_ID.',
    cause,
  });
}
