import { formatRoute } from '../routes.ts';

/** Where the focus returns to when a change is closed. */
export const linkId = (approvalId: string): string => `open-${approvalId}`;

export const linkTo = (tab: 'pending' | 'decided', id: string): string => formatRoute({ page: 'approvals', tab, id });
