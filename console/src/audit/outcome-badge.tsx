import { Badge, type BadgeProps } from '@fluentui/react-components';

const colours: Readonly<Record<string, BadgeProps['color']>> = {
  done: 'success',
  succeeded: 'success',
  approved: 'success',
  confirmed: 'success',
  denied: 'danger',
  failed: 'danger',
  rejected: 'danger',
  unknown: 'warning',
  pending: 'informative',
};

/** The word is the record's own; the colour only repeats it. */
export function OutcomeBadge({ outcome }: { outcome: string | undefined }) {
  if (!outcome) return null;
  return (
    <Badge appearance="tint" color={colours[outcome] ?? 'subtle'}>
      {outcome.replaceAll('_', ' ')}
    </Badge>
  );
}
