import { redactView } from '../cards/redact-view.ts';
import type { ApprovalView } from '../cards/view.ts';
import type { Store, Stored } from '../store/store.ts';
import type { WriteTool } from '../tools/tool.ts';
import { type Approval, approvalKind } from './approval.ts';
import { approvalView } from './approval-view.ts';
import { type AuditRecord, auditKind, CHAIN } from './audit-record.ts';
import type { GateParts } from './gate-parts.ts';
import { viewFor } from './propose.ts';
import { asPlanned } from './verify.ts';

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
  /** The card of a change as it stands. */
  card(approval: Approval): ApprovalView;
  history(changeId: string): Promise<AuditRecord[]>;
  /** Newest first. Filters beside the indexed one are applied page by page, so a page may be short and still have a next. */
  audit(query: AuditQuery): Promise<{ records: AuditRecord[]; next?: string }>;
}

export function createDesk(
  parts: GateParts,
  commandLine: (tool: string, input: Approval['plan']['params']) => string,
): Desk {
  const { store } = parts;
  return {
    approvals: ({ state, limit, after }) =>
      store.query(approvalKind, { index: 'by_list', partition: state, newestFirst: true, limit, after }),
    approval: (id) => store.get(approvalKind, id),
    card(approval) {
      const undo = undoOf(parts, approval, commandLine);
      const { mayApprove } = viewFor(parts, approval);
      return redactView(approvalView(approval, { mayApprove, undo }));
    },
    history: async (changeId) =>
      (await store.query(auditKind, { index: 'by_change', partition: changeId, limit: 200 })).rows.map(
        ({ value }) => value,
      ),
    audit: (query) => audit(store, query),
  };
}

/** Undo is a command like any other: a new change with its own approval. */
function undoOf(
  { tools }: GateParts,
  { plan, state }: Approval,
  commandLine: (tool: string, input: Approval['plan']['params']) => string,
): string | undefined {
  const tool = tools.get(plan.tool);
  if (state !== 'succeeded' || plan.mode === 'DRY_RUN' || tool?.effect !== 'write') return undefined;
  const input = (tool as WriteTool).undo?.(asPlanned(plan), plan.params);
  if (!input) return undefined;
  const takesReason = 'reason' in tool.input.shape;
  return commandLine(plan.tool, takesReason ? { ...input, reason: `undo of ${plan.change_id}` } : input);
}

const MOST_PAGES = 20;

async function audit(store: Store, { person, tool, outcome, changeId, from, to, limit, after }: AuditQuery) {
  const [index, partition] = changeId
    ? ['by_change', changeId]
    : person
      ? ['by_person', person]
      : tool
        ? ['by_tool', tool]
        : ['by_chain', CHAIN];
  const fits = ({ value }: Stored<AuditRecord>) =>
    (!person || value.actor?.person === person) &&
    (!tool || value.tool === tool) &&
    (!outcome || value.outcome === outcome) &&
    (!from || value.ts >= from) &&
    (!to || value.ts < to);
  const records: AuditRecord[] = [];
  let next = after;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await store.query(auditKind, {
      index,
      partition,
      newestFirst: true,
      limit: limit - records.length,
      after: next,
    });
    records.push(...page.rows.filter(fits).map(({ value }) => value));
    next = page.next;
    const oldest = page.rows.at(-1);
    if (!next || records.length >= limit || (from && oldest && oldest.value.ts < from)) break;
  }
  return { records, next };
}
