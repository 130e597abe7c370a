import type { BadgeProps } from '@fluentui/react-components';
import type { ApprovalState, Risk } from '../../../cards/view.ts';

type Colour = BadgeProps['color'];

export const risks = {
  low: { label: 'Low', color: 'informative' },
  medium: { label: 'Medium', color: 'warning' },
  high: { label: 'High', color: 'severe' },
  critical: { label: 'Critical', color: 'danger' },
} as const satisfies Record<Risk, { label: string; color: Colour }>;

export const states = {
  pending: { label: 'Waiting', color: 'informative' },
  approved: { label: 'Approved', color: 'brand' },
  executing: { label: 'Running', color: 'brand' },
  succeeded: { label: 'Done', color: 'success' },
  failed: { label: 'Failed', color: 'danger' },
  unknown: { label: 'Unknown result', color: 'warning' },
  rejected: { label: 'Rejected', color: 'danger' },
  expired: { label: 'Expired', color: 'subtle' },
  cancelled: { label: 'Cancelled', color: 'subtle' },
  invalidated: { label: 'No longer valid', color: 'subtle' },
  superseded: { label: 'Replaced', color: 'subtle' },
  closed_unknown: { label: 'Closed, result unknown', color: 'warning' },
} as const satisfies Record<ApprovalState, { label: string; color: Colour }>;
