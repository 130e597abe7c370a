import type { Mode } from '../cards/view.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import type { Watched } from '../lib/watched-file.ts';
import type { Store } from '../store/store.ts';
import type { AwsProvider } from '../tools/aws/aws.ts';
import type { OwnKey } from '../tools/records.ts';
import type { Tool } from '../tools/tool.ts';
import type { Holder } from './approval.ts';
import type { Audit } from './audit.ts';
import type { Crash } from './crash.ts';
import type { Address } from './outbox.ts';
import type { OutcomeSpool } from './outcome-spool.ts';
import type { Directory } from './people.ts';
import type { Policy } from './policy.ts';
import type { Settings } from './settings.ts';
import type { StepUp } from './step-up.ts';

/** What the conscience works with; put together once, in main. */
export interface GateParts {
  store: Store;
  clock: Clock;
  log: Log;
  audit: Audit;
  telemetry: Pick<Telemetry, 'gate' | 'auditFailures' | 'span'>;
  policy: Policy;
  settings: () => Watched<Settings>;
  people: Directory;
  /** Stale when the allow-list cannot be read now: changes pause. */
  peopleState: () => Watched<unknown>;
  /** The file that is no longer what this process took over at its start: a prompt, a tool. Absent where nothing is watched. */
  changedSource?: () => string | undefined;
  aws: AwsProvider;
  tools: ReadonlyMap<string, Tool>;
  mode: Mode;
  environment?: string;
  holder: Holder;
  /** Absent where the store outlives nothing either. */
  spool?: OutcomeSpool;
  crash: Crash;
  /** Where a configured channel name like '#ops' leads; at least one place. */
  route: (channel: string) => readonly Address[];
  /** Where people open the console, for links on cards; absent where they cannot reach it. */
  consoleUrl?: string;
  /** Present where people can sign in: a yes to a high risk then takes a fresh sign-in. */
  stepUp?: StepUp;
  /** Covers the record by a checkpoint outside and says why it could not; absent where high-risk changes do not need that. */
  sealRecord?: () => Promise<string | undefined>;
  /** What reports say of OpsAgent's own keys; absent where it has none. */
  ownKeys?: () => readonly OwnKey[];
  /**
   * Tells this process's own parts that a change moved, so that cards are edited at once, and on which channels something is to be said
   * now; on any of them when left out.
   */
  changed: (changeId?: string, saidOn?: readonly string[]) => void;
}
