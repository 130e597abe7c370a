import type { AuditFacts } from '../../approvals/audit-record.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Tool } from '../../tools/tool.ts';
import type { Admit } from '../http/admit.ts';

export interface McpOptions {
  admit: Admit;
  /** The whole catalog; what a person is shown of it, their roles say. */
  catalog: readonly Tool[];
  version: string;
  /** Where people reach OpsAgent from outside; requests under its name are taken too. */
  publicUrl: string | undefined;
  /** Into the audit record. Never rejects. */
  note(facts: AuditFacts): Promise<void>;
  clock: Clock;
  log: Log;
}
