import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Secret } from '../../lib/secret.ts';
import type { Store } from '../../store/store.ts';
import type { NewIncident } from './incident-modal.ts';
import type { Tokens } from './workspaces.ts';

export interface SlackOptions {
  /** HTTP and Lambda: what proves that Slack sent a request. One of this and `appToken` is needed. */
  signingSecret?: Secret;
  /** Socket Mode. */
  appToken?: string;
  /** False: it posts only, opens no socket, and takes nothing in. */
  hears?: boolean;
  tokens: Tokens;
  /** 'https://slack.com/api/', or a test server on this machine. */
  apiUrl: string;
  store: Store;
  clock: Clock;
  log: Log;
  /** Where cards link to what does not fit. */
  consoleUrl?: string;
  /** The sentence that opens the incident, with what people typed quoted in it. */
  incidentCommand(input: Omit<NewIncident, 'where'>): string;
}
