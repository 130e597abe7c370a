import type { ApprovalView, ChartView, MessageView, TableView } from '../../cards/view.ts';

export const aMessage = (body: string): MessageView => ({ kind: 'message', title: 'Answer', body });

/** A pending reboot of web-1, asked for by Alice. */
export const anApproval = (overrides: Partial<ApprovalView> = {}): ApprovalView => ({
  kind: 'approval',
  title: 'Approval needed',
  approvalId: 'apr-1',
  state: 'pending',
  action: 'Reboot EC2 instance i-0abc (web-1)',
  target: 'i-0abc',
  changes: [{ field: 'state', before: 'running', after: 'running after a reboot' }],
  risk: 'medium',
  riskReasons: ['one instance of two behind a load balancer'],
  impact: { downtime: '1 to 3 minutes', affected: ['web'], recovery: 'starts by itself' },
  requester: 'alice@example.com',
  expiresAt: '2026-11-21T10:15:00.000Z',
  digestPrefix: '0123456789ab',
  quorum: 1,
  votes: [],
  mayApprove: 'ops-lead or admin',
  warnings: [],
  outcome: [],
  actions: [
    {
      kind: 'decide',
      label: 'Approve',
      verdict: 'approve',
      approvalId: 'apr-1',
      digest: '0123456789ab'.padEnd(64, '0'),
      reason: 'none',
    },
  ],
  ...overrides,
});

const source = {
  account: '111122223333',
  region: 'eu-west-1',
  at: '2026-11-21T10:00:00.000Z',
  mode: 'LOCAL_MOCK',
} as const;

/** Instances i-0001, i-0002 … */
export const aTable = (rows: number): TableView => ({
  kind: 'table',
  title: 'EC2 instances',
  columns: ['Instance', 'State'],
  rows: Array.from({ length: rows }, (_, n) => [`i-${String(n + 1).padStart(4, '0')}`, 'running']),
  empty: 'No instances.',
  source,
});

export const aChart = (): ChartView => ({
  kind: 'chart',
  title: 'CPU of web-1',
  fields: [{ label: 'Average', value: '42 %' }],
  series: [
    {
      label: 'CPU',
      unit: 'percent',
      points: [12, 48, null, 66].map((value, n) => ({ at: `2026-11-21T09:0${n}:00.000Z`, value })),
    },
  ],
  source,
});
