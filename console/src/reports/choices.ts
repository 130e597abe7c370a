import type { ReportName } from '../../../tools/reports/report.ts';

/** The reports in the order of their tabs. `timed`: counted over a window, not read as of now. */
export const reports = {
  operations: { label: 'Operations', timed: true },
  approvals: { label: 'Waiting and expired', timed: true },
  decisions: { label: 'Decisions', timed: true },
  access: { label: 'Access', timed: true },
  tags: { label: 'Tags', timed: false },
  keys: { label: 'Keys', timed: false },
} as const satisfies Record<ReportName, { label: string; timed: boolean }>;

export const windows = [
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: '90d', label: 'Last 90 days' },
] as const;

export const isReport = (name: string | undefined): name is ReportName =>
  name !== undefined && Object.hasOwn(reports, name);
