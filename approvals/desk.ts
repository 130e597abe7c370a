import { redactView } from '../cards/redact-view.ts';
import type { ApprovalView } from '../cards/view.ts';
import { readablePage } from '../store/readable-page.ts';
import type { Store, Stored } from '../store/store.ts';
import { type Approval, approvalKind } from './approval.ts';
import { type AuditPage, newestRecords } from './audit-list.ts';
import { type AuditRecord, auditKind } from './audit-record.ts';
import type { GateParts } from './gate-parts.ts';
import { findByToken } from './moves.ts';
import type { Person } from './people.ts';
import { guardTarget } from './plan.ts';
import { asPlanned } from './verify.ts';
import { viewFor } from './view-for.ts';

export interface AuditQuery {
  person?: string;
  tool?: string;
  outcome?: string;
  changeId?: string;
  from?: string;
  to?: string;
  limit: number;
  after?: string;
}

/** What people look at: pending and decided changes, their cards, the audit trail. Reads only. */
export interface Desk {
  approvals(query: {
    state: 'pending' | 'decided';
    limit: number;
    after?: string;
  }): Promise<{ rows: Stored<Approval>[]; next?: string }>;
  approval(id: string): Promise<Stored<Approval> | undefined>;
  byToken(token: string): Promise<Stored<Approval> | undefined>;
  /** The card of a change as it stands. */
  card(approval: Approval): ApprovalView;
  /** Whether this person's yes could count now, as far as rules and votes go. */
  mayApprove(person: Person, approval: Approval): boolean;
  history(changeId: string): Promise<AuditRecord[]>;
  /** Newest first. Filters beside the indexed one are applied page by page, so a page may be short and still have a next. */
  audit(query: AuditQuery): Promise<AuditPage>;
}

export function createDesk(
  parts: GateParts,
  commandLine: (tool: string, input: Approval['plan']['params']) => string,
): Desk {
  const { store } = parts;
  return {
    approvals: ({ state, limit, after }) =>
      readablePage(parts, approvalKind, { index: 'by_list', partition: state, newestFirst: true, limit, after }),
    approval: (id) => store.get(approvalKind, id),
    byToken: (token) => findByToken(store, token),
    card: (approval) => redactView(viewFor(parts, approval, undoOf(parts, approval, commandLine))),
    mayApprove: (person, approval) => mayApprove(parts, person, approval),
    history: async (changeId) =>
      (await store.query(auditKind, { index: 'by_change', partition: changeId, limit: 200 })).rows.map(
        ({ value }) => value,
      ),
    audit: (query) => audit(store, query),
  };
}

function mayApprove({ policy, environment }: GateParts, person: Person, { state, plan, votes }: Approval): boolean {
  if (state !== 'pending' || votes.some((vote) => vote.person === person.id)) return false;
  const own = person.id === plan.requester;
  return plan.targets.every((target) => {
    const question = { action: 'approve', target: guardTarget(target, environment), risk: plan.risk, own } as const;
    return policy.ask(person, question).allowed;
  });
}

/** Undo is a command like any other: a new change with its own approval. */
function undoOf(
  { tools }: GateParts,
  { plan, state }: Approval,
  commandLine: (tool: string, input: Approval['plan']['params']) => string,
): string | undefined {
  const tool = tools.get(plan.tool);
  if (state !== 'succeeded' || plan.mode === 'DRY_RUN' || tool?.effect !== 'write') return undefined;
  const input = tool.undo?.(asPlanned(plan), plan.params);
  if (!input) return undefined;
  const takesReason = 'reason' in tool.input.shape;
  return commandLine(plan.tool, takesReason ? { ...input, reason: `undo of ${plan.change_id}` } : input);
}

const MOST_PAGES = 20;

async function audit(store: Store, query: AuditQuery): Promise<AuditPage> {
  const { from, limit } = query;
  const records: AuditRecord[] = [];
  let next = query.after;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    // A cursor stands between rows, so a page holds no more than may still be shown.
    const page = await pageOf(store, query, { limit: limit - records.length, after: next });
    records.push(...page.records.filter(fits(query)));
    next = page.next;
    const oldest = page.records.at(-1)?.ts;
    if (from !== undefined && oldest !== undefined && oldest < from) return { records };
    if (next === undefined || records.length >= limit) break;
  }
  return { records, next };
}

async function pageOf(store: Store, query: AuditQuery, page: { limit: number; after?: string }): Promise<AuditPage> {
  const list = listFor(query);
  if (!list) return newestRecords(store, page);
  const { rows, next } = await store.query(auditKind, { ...list, newestFirst: true, ...page });
  return { records: rows.map(({ value }) => value), next };
}

/** The narrowest list that holds all that is asked for; nothing when that is everything. */
function listFor({ changeId, person, tool }: AuditQuery): { index: string; partition: string } | undefined {
  if (changeId) return { index: 'by_change', partition: changeId };
  if (person) return { index: 'by_person', partition: person };
  return tool ? { index: 'by_tool', partition: tool } : undefined;
}

function fits({ person, tool, outcome, from, to }: AuditQuery): (record: AuditRecord) => boolean {
  return (record) =>
    (!person || record.actor?.person === person) &&
    (!tool || record.tool === tool) &&
    (!outcome || record.outcome === outcome) &&
    (!from || record.ts >= from) &&
    (!to || record.ts < to);
}
