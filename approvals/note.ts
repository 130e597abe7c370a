import { asOpsError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import type { Audit } from './audit.ts';
import type { AuditFacts } from './audit-record.ts';

interface Parts {
  audit: Audit;
  log: Log;
  telemetry: Pick<Telemetry, 'auditFailures'>;
}

/**
 * Records what changes nothing: reads, refusals, requests. They are answered even when no record can be written (A3); the
 * failure is logged and counted, never silent. What changes something has its record in its own commit instead.
 */
export async function note({ audit, log, telemetry }: Parts, facts: AuditFacts): Promise<void> {
  try {
    await audit.record(facts);
  } catch (error) {
    telemetry.auditFailures.inc();
    log.error(
      { correlationId: facts.correlation_id, error: asOpsError(error).message },
      'an audit record could not be written',
    );
  }
}
