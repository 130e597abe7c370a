import type { Approval } from '../approvals/approval.ts';
import type { AuditRecord } from '../approvals/audit-record.ts';
import type { Field, SectionsView } from '../cards/view.ts';

const MOST_STEPS = 40;

/** All that is recorded about one change: what the approval is bound to, and who did what when. */
export function detailsView(approval: Approval, history: readonly AuditRecord[]): SectionsView {
  const steps = history.slice(-MOST_STEPS);
  const left = history.length - steps.length;
  return {
    kind: 'sections',
    title: `Details of ${approval.id}`,
    correlationId: approval.correlation_id,
    sections: [
      { heading: 'Bound to', fields: sealFields(approval) },
      {
        heading: 'On record',
        columns: ['When', 'What', 'Who'],
        rows: steps.map(({ ts, summary, actor }) => [{ at: ts }, summary, actor?.name ?? 'OpsAgent']),
      },
    ],
    note: left > 0 ? `${left} earlier records are in the audit trail.` : undefined,
  };
}

function sealFields({ plan, digest, state, expires_at }: Approval): Field[] {
  return [
    { label: 'State', value: state.replace('_', ' ') },
    { label: 'Change', value: plan.action },
    { label: 'Target', value: plan.targets.map(({ arn }) => arn).join(', ') },
    { label: 'Call', value: `${plan.tool} ${JSON.stringify(plan.params)}` },
    { label: 'Plan digest', value: digest },
    { label: 'Rules', value: plan.policy_hash.slice(0, 12) },
    { label: 'Expires', value: { at: expires_at } },
  ];
}
