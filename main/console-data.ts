import type { AuditEntry, ConsoleData } from '../adapters/web/console-data.ts';
import { quoted } from '../approvals/audit-chains.ts';
import { AUDIT_OUTCOMES, type AuditRecord } from '../approvals/audit-record.ts';
import { verifyWithCopy } from '../approvals/audit-verify.ts';
import { catalog } from '../tools/catalog.ts';
import type { House } from './compose.ts';

/** What the console's pages read, from the desk. */
export function consoleData({ people, desk, store, auditCopyPath }: House): ConsoleData {
  return {
    person: (id) => {
      const found = people.find(id);
      return found?.service ? undefined : found;
    },
    people: people.list,
    async approvals(query) {
      const { rows, next } = await desk.approvals(query);
      return { approvals: rows.map(({ value }) => desk.card(value)), next };
    },
    async approval(id) {
      const row = await desk.approval(id);
      return row && { approval: desk.card(row.value), history: (await desk.history(id)).map(entryOf) };
    },
    async audit(query) {
      const { records, next } = await desk.audit(query);
      return { entries: records.map(entryOf), next };
    },
    auditChoices: () => ({ tools: catalog.map(({ name, title }) => ({ name, title })), outcomes: AUDIT_OUTCOMES }),
    async chain() {
      const { ok, records, head, firstBad } = await verifyWithCopy(store, auditCopyPath);
      const bad = firstBad && { record: quoted(firstBad), because: firstBad.because };
      return { ok, records, head, firstBad: bad };
    },
  };
}

function entryOf(record: AuditRecord): AuditEntry {
  const { ts, type, actor, tool, outcome, change_id, correlation_id, account, region, summary, hash } = record;
  return {
    record: quoted(record),
    at: ts,
    type,
    person: actor?.person,
    tool,
    outcome,
    changeId: change_id,
    correlationId: correlation_id,
    account,
    region,
    summary,
    hash,
  };
}
