import { Badge, type BadgeProps } from '@fluentui/react-components';
import type { Risk, Status } from '../../../cards/view.ts';
import { riskStatus } from '../../../cards/wording.ts';

const colours = {
  good: 'success',
  warning: 'warning',
  bad: 'danger',
  waiting: 'informative',
  neutral: 'informative',
} as const satisfies Record<Status, BadgeProps['color']>;

export function RiskBadge({ risk }: { risk: Risk }) {
  return (
    <Badge appearance="tint" color={colours[riskStatus[risk]]}>
      {risk.charAt(0).toUpperCase() + risk.slice(1)} risk
    </Badge>
  );
}
