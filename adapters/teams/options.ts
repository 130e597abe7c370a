import type { Mode } from '../../cards/view.ts';
import type { Clock } from '../../lib/clock.ts';
import { OpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Secret } from '../../lib/secret.ts';
import type { Store } from '../../store/store.ts';

/** The bot's registration in Entra. `UserAssignedMSI` has no password; `MultiTenant` no tenant of its own. */
export interface TeamsCredentials {
  appId: string;
  appType: 'SingleTenant' | 'MultiTenant' | 'UserAssignedMSI';
  password?: Secret;
  tenantId?: string;
}

export interface TeamsOptions {
  /** `unauthenticated-loopback`: the Agents Playground on this machine, in LOCAL_MOCK only. Nobody is checked then. */
  credentials: TeamsCredentials | 'unauthenticated-loopback';
  /** Entra tenants whose people may speak; with credentials at least one. */
  tenants: readonly string[];
  /** Hosts that may be sent to, `host` or `host:port`; default those of Teams. A loopback host may be http. */
  serviceHosts?: readonly string[];
  /** Who signs what comes in; default the Bot Framework. */
  openId?: { metadataUrl: string; issuer: string };
  /** Where the token for what goes out comes from; default Entra, with the credentials. */
  accessToken?: () => Promise<string>;
  store: Store;
  clock: Clock;
  log: Log;
  mode: Mode;
  /** Shown on the welcome card. */
  consoleUrl?: string;
}

/** Of the public cloud; government clouds have other hosts, other issuers and other logins. */
export const botFramework = {
  metadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  issuer: 'https://api.botframework.com',
} as const;

/** @throws OpsError `config_invalid`: half a set-up would let the wrong people in */
export function assertUsable({ credentials, tenants, mode }: TeamsOptions): void {
  if (credentials === 'unauthenticated-loopback') {
    if (mode === 'LOCAL_MOCK') return;
    throw invalid(
      `Teams without a check of who speaks is for LOCAL_MOCK, and this is ${mode}.`,
      'Take TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK away, and set MICROSOFT_APP_ID.',
    );
  }
  if (credentials.appId === '') {
    throw invalid('Teams needs the id of its app; without it anybody could speak as anybody.', 'Set MICROSOFT_APP_ID.');
  }
  if (tenants.length === 0) {
    throw invalid(
      'Teams needs the tenants whose people may speak; without them any tenant could.',
      'Set MICROSOFT_APP_TENANT_ID, or TEAMS_TENANTS for several.',
    );
  }
}

function invalid(message: string, hint: string): OpsError {
  return new OpsError('config_invalid', message, { hint });
}
