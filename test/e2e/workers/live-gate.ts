import { hostname } from 'node:os';
import { createAudit } from '../../../approvals/audit.ts';
import type { Caller } from '../../../approvals/call.ts';
import type { Crash } from '../../../approvals/crash.ts';
import type { GateParts } from '../../../approvals/gate-parts.ts';
import { createOutcomeSpool } from '../../../approvals/outcome-spool.ts';
import { createDirectory } from '../../../approvals/people.ts';
import { loadPolicy } from '../../../approvals/policy.ts';
import { defaultSettings, Settings } from '../../../approvals/settings.ts';
import type { Clock } from '../../../lib/clock.ts';
import { newCorrelationId, newId } from '../../../lib/ids.ts';
import { silentLog } from '../../../lib/log.ts';
import { silentTelemetry } from '../../../lib/telemetry.ts';
import { watchYaml } from '../../../lib/watched-file.ts';
import type { Store } from '../../../store/store.ts';
import { createLiveAws } from '../../../tools/aws/live.ts';
import { toolByName } from '../../../tools/catalog.ts';
import { everybody } from './crowd.ts';

interface Options {
  store: Store;
  clock: Clock;
  policyFile: string;
  endpointUrl: string;
  spoolPath: string;
  crash: Crash;
}

/** What a gate of its own on a shared store and the AWS of the oracle works with, in a process of its own. */
export function liveParts({ store, clock, policyFile, endpointUrl, spoolPath, crash }: Options): GateParts {
  const log = silentLog;
  return {
    ...{ store, clock, log, crash, telemetry: silentTelemetry },
    audit: createAudit({ store, clock, log, node: `race/${process.pid}`, build: 'test' }),
    policy: loadPolicy(),
    settings: watchYaml(policyFile, Settings, clock),
    people: createDirectory(() => everybody),
    peopleState: () => ({ state: 'fresh', value: defaultSettings }),
    aws: createLiveAws({ mode: 'SANDBOX_LIVE', defaultRegion: 'eu-west-1', endpointUrl }),
    tools: toolByName,
    mode: 'SANDBOX_LIVE',
    spool: createOutcomeSpool(spoolPath),
    holder: { host: hostname(), pid: process.pid, boot: newId('boot') },
    route: (channel) => [{ channel: 'web', id: channel }],
    changed: () => {},
  };
}

/** Somebody of `everybody` who presses a button. */
export function callerAs(as: string): Caller {
  const person = everybody.find(({ id }) => id === as);
  if (!person) throw new Error(`nobody is ${as}`);
  return {
    person,
    channel: 'race',
    userId: as,
    auth: 'test',
    origin: 'button',
    turnId: newId('turn'),
    correlationId: newCorrelationId(),
    conversation: { channel: 'race', id: 'race' },
    signal: AbortSignal.timeout(60_000),
    progress: () => {},
  };
}
