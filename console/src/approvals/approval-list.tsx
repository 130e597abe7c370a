import type { ApprovalView } from '../../../cards/view.ts';
import { useNarrow } from '../shell/use-narrow.ts';
import { ApprovalCards } from './approval-cards.tsx';
import { ApprovalTable } from './approval-table.tsx';

interface ApprovalListProps {
  views: ApprovalView[];
  tab: 'pending' | 'decided';
  /** The change that is open beside the list. */
  current?: string;
}

/** A table where there is room for one, else cards. */
export function ApprovalList(props: ApprovalListProps) {
  const narrow = useNarrow();
  return narrow || props.current ? <ApprovalCards {...props} /> : <ApprovalTable {...props} />;
}
