import type { AuditRecord } from '../approvals/audit-record.ts';
import type { AuditStream } from '../approvals/audit-stream.ts';
import type { Checkpointer } from '../approvals/checkpointer.ts';
import { withinTime } from '../approvals/delivery.ts';
import type { Clock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import type { Log } from '../lib/log.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import type { Store } from '../store/store.ts';
import { openSecondPlace, recordAws } from './second-place.ts';

/** What takes the audit record out of the reach of whoever holds the store: signed checkpoints, and a copy outside. */
export interface AuditTrail {
  /** Told of each record after its commit. */
  recorded(record: AuditRecord): void;
  /** Checkpoints and copies what is due, every few seconds. */
  keep(signal: AbortSignal): Promise<void>;
  /** Why it is behind, in words; nothing while it is not, or not set up. */
  behind(): string | undefined;
  /** For changes that need it: covers all there is by a checkpoint, and says why that could not be done in time. */
  seal: (() => Promise<string | undefined>) | undefined;
  /** A last look before the store is closed. */
  close(): Promise<void>;
}

interface Parts {
  config: Config;
  store: Store;
  clock: Clock;
  log: Log;
  telemetry: Telemetry;
  /** Names this process. */
  node: string;
}

const LOOK_EVERY_MS = 5_000;
/** After a failure: what waits is walked again with each try. */
const RETRY_MS = 15_000;
/** Nobody waits longer for an audit sink than this (SAFETY F1). */
const SEAL_MS = 5_000;
const CLOSE_MS = 3_000;

/** @throws OpsError `config_invalid` for a key file that cannot be used */
export async function openAuditTrail(parts: Parts): Promise<AuditTrail> {
  const { config, clock, log } = parts;
  const second = await openSecondPlace(config);
  const checkpointer = second && (await openCheckpointer(parts, second));
  const stream = await openStream(parts);
  if (!second && config.EXECUTION_MODE !== 'LOCAL_MOCK')
    log.warn({}, 'AUDIT_CHECKPOINTS is not set: whoever holds the store can write the audit record anew unseen');

  const look = async () => void (await Promise.all([checkpointer?.tick(), stream?.tick()]));
  const seals = config.AUDIT_REQUIRE_CHECKPOINTS && checkpointer;
  return {
    recorded: (record) => checkpointer?.recorded(record),
    async keep(signal) {
      while (!signal.aborted && (checkpointer || stream)) {
        await look();
        await clock.sleep(whyBehind(checkpointer, stream) ? RETRY_MS : LOOK_EVERY_MS, signal).catch(() => undefined);
      }
    },
    behind: () => whyBehind(checkpointer, stream),
    seal: seals ? () => seals.seal(SEAL_MS) : undefined,
    async close() {
      // Whatever does not arrive in time is taken up by the next process: it is in the store.
      await withinTime(CLOSE_MS, look).catch(() => undefined);
    },
  };
}

async function openCheckpointer(
  { store, clock, log, telemetry, node }: Parts,
  { place, signer }: NonNullable<Awaited<ReturnType<typeof openSecondPlace>>>,
): Promise<Checkpointer> {
  const { createCheckpointer } = await import('../approvals/checkpointer.ts');
  return createCheckpointer({
    ...{ store, clock, log, node, place, signer },
    observe({ lagRecords, lagSeconds, problem }) {
      telemetry.auditCheckpointLagRecords.set(lagRecords);
      telemetry.auditCheckpointLagSeconds.set(lagSeconds);
      if (problem !== undefined) telemetry.auditCheckpointFailures.inc();
    },
  });
}

async function openStream({ config, store, clock, log, node }: Parts): Promise<AuditStream | undefined> {
  const { AUDIT_COPY: group } = config;
  if (group === undefined) return undefined;
  const [{ createAuditStream }, { createLogsRecord }] = await Promise.all([
    import('../approvals/audit-stream.ts'),
    import('../tools/aws/record-logs.ts'),
  ]);
  const place = createLogsRecord({ ...recordAws(config), group, stream: 'opsagent-audit' });
  return createAuditStream({ store, clock, log, node, place: { ...place, name: `copy ${place.name}` } });
}

function whyBehind(checkpointer: Checkpointer | undefined, stream: AuditStream | undefined): string | undefined {
  const copy = stream?.problem();
  const { problem, lagRecords = 0, lagSeconds = 0 } = checkpointer?.state() ?? {};
  const late = lagSeconds > LATE_SECONDS ? 'no checkpoint arrived for a while' : undefined;
  const checkpoints = problem ?? late;
  const words = [
    ...(checkpoints ? [`${checkpoints} (${lagRecords} records wait for a checkpoint)`] : []),
    ...(copy ? [`the audit copy does not arrive: ${copy}`] : []),
  ];
  return words.length > 0 ? words.join('; ') : undefined;
}

/** Three checkpoints late: more than a hiccup. */
const LATE_SECONDS = 180;
