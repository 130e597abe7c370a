import type { AuditFacts } from '../../approvals/audit-record.ts';
import type { StepUp } from '../../approvals/step-up.ts';
import type { Mode } from '../../cards/view.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Live } from '../../store/live/live.ts';
import type { Store } from '../../store/store.ts';
import type { Door } from '../http/door.ts';
import type { Limits } from '../http/limits.ts';
import type { ConsoleData } from './console-data.ts';
import type { ProviderConfig } from './sign-in/provider.ts';

/** What `/health` answers; a `detail` may name people, so the open answer leaves it out. */
export interface HealthReport {
  status: 'ok' | 'degraded' | 'down';
  version: string;
  mode: Mode;
  dependencies: Readonly<Record<string, { status: 'ok' | 'degraded' | 'down'; detail?: string }>>;
}

export interface WebConfig {
  /** Loopback only, unless people sign in; anything else is refused at `start`. */
  host: string;
  /** 0 takes any free port. */
  port: number;
  mode: Mode;
  environment?: string;
  region: string;
  version: string;
  /** Where a proxy reaches it; it counts where people sign in. */
  publicUrl?: string;
  /** Origins whose pages may show the console in a frame. */
  frameAncestors?: readonly string[];
}

/** The organisation's sign-in service, and what signing in leads to. */
export interface SignInOptions extends ProviderConfig {
  stepUp: Pick<StepUp, 'open'>;
  /** Into the audit record. Never rejects. */
  note(facts: AuditFacts): Promise<void>;
}

export interface WebOptions {
  config: WebConfig;
  store: Store;
  clock: Clock;
  log: Log;
  /** To the consoles that other processes serve. */
  live: Live;
  data: ConsoleData;
  /** Absent where nobody signs in. */
  signIn?: SignInOptions;
  /** Prometheus text. */
  telemetryText(): Promise<string>;
  health(): Promise<HealthReport>;
  /** Channels that every known person reads and writes: '#ops'. */
  channels: readonly string[];
  /** Paths of the same server that other channels answer. */
  doors: readonly Door[];
  /** How often one person may call, by the console and by REST and MCP together. */
  limits: Pick<Limits, 'take'>;
  /** Where the built console lies; it need not exist. */
  staticDir: string;
}
