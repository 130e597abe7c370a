import { Badge } from '@fluentui/react-components';
import type { ApprovalState, Risk } from '../../../cards/view.ts';
import { risks, states } from './words.ts';

export function RiskBadge({ risk }: { risk: Risk }) {
  const { label, color } = risks[risk];
  return (
    <Badge appearance="tint" color={color}>
      {label} risk
    </Badge>
  );
}

export function StateBadge({ state }: { state: ApprovalState }) {
  const { label, color } = states[state];
  return (
    <Badge appearance="tint" color={color}>
      {label}
    </Badge>
  );
}
