import { Badge, type BadgeProps, Tooltip } from '@fluentui/react-components';
import type { Mode } from '../../../cards/view.ts';

const meanings = {
  LOCAL_MOCK: {
    color: 'informative',
    means: 'Simulated AWS. Nothing here touches a real account.',
  },
  DRY_RUN: {
    color: 'warning',
    means: 'Reads real AWS. Changes stop at the last step and say what they would have done.',
  },
  SANDBOX_LIVE: {
    color: 'danger',
    means: 'Real AWS. Approved changes are really made.',
  },
} as const satisfies Record<Mode, { color: BadgeProps['color']; means: string }>;

export function ModeBadge({ mode, environment }: { mode: Mode; environment?: string }) {
  const { color, means } = meanings[mode];
  const scope = environment ? ` Limited to resources tagged Environment=${environment}.` : '';
  return (
    <Tooltip content={means + scope} relationship="description" withArrow>
      <Badge appearance="tint" color={color} size="large" role="note" tabIndex={0}>
        {mode}
      </Badge>
    </Tooltip>
  );
}
