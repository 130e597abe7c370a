import type { ApprovalView } from '../../../cards/view.ts';
import { formatRoute, type Route } from '../routes.ts';
import { useNarrow } from '../shell/use-narrow.ts';
import { ApprovalCards } from './approval-cards.tsx';
import { ApprovalTable } from './approval-table.tsx';

interface ApprovalListProps {
  views: ApprovalView[];
  tab: 'pending' | 'decided';
}

/** A table where there is room for one, else cards. */
export function ApprovalList({ views, tab }: ApprovalListProps) {
  const narrow = useNarrow();
  const href = (id: string) => formatRoute({ page: 'approvals', tab, id } satisfies Route);
  return narrow ? (
    <ApprovalCards views={views} tab={tab} href={href} />
  ) : (
    <ApprovalTable views={views} tab={tab} href={href} />
  );
}
