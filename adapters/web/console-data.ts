import type { ApprovalView } from '../../cards/view.ts';

export interface AuditEntry {
  /** As people quote it: '1234', or '3/1234' where the store has several chains. */
  record: string;
  /** ISO 8601, UTC. */
  at: string;
  type: string;
  person?: string;
  tool?: string;
  outcome?: string;
  changeId?: string;
  correlationId: string;
  account?: string;
  region?: string;
  summary: string;
  hash: string;
}

export interface AuditQuery {
  person?: string;
  tool?: string;
  outcome?: string;
  changeId?: string;
  /** ISO 8601 bounds: `from` included, `to` excluded. */
  from?: string;
  to?: string;
  /** 1–200 */
  limit: number;
  after?: string;
}

export interface ChainState {
  ok: boolean;
  records: number;
  /** Hash of the newest record, or one over the newest of each chain. */
  head: string;
  /** `record`: as people quote it. */
  firstBad?: { record: string; because: string };
}

export interface KnownPerson {
  id: string;
  name: string;
  roles: readonly string[];
}

/** What the console's pages read. Filled in by the composition root. */
export interface ConsoleData {
  person(userId: string): KnownPerson | undefined;
  people(): readonly KnownPerson[];
  /** Newest first. */
  approvals(query: {
    state: 'pending' | 'decided';
    limit: number;
    after?: string;
  }): Promise<{ approvals: ApprovalView[]; next?: string }>;
  /** With its history, oldest first. */
  approval(id: string): Promise<{ approval: ApprovalView; history: AuditEntry[] } | undefined>;
  /** Newest first. */
  audit(query: AuditQuery): Promise<{ entries: AuditEntry[]; next?: string }>;
  chain(): Promise<ChainState>;
  /** What the audit record can be filtered by, beside people and time. */
  auditChoices(): { tools: readonly { name: string; title: string }[]; outcomes: readonly string[] };
}
