import { type AdaptiveCard, renderAdaptive } from '../../cards/adaptive/render.ts';
import type { ApprovalView, View } from '../../cards/view.ts';
import { mayStillDecide } from '../../cards/wording.ts';
import type { JsonObject } from '../../lib/json.ts';

/** UTF-16 doubles it, and 50 KB pass every way into Teams. */
const mostBytes = 25 * 1024;
/** @see https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/user-specific-views */
const mostRefreshed = 60;

export interface TeamsCard extends AdaptiveCard {
  refresh?: JsonObject;
}

/** Who looks at it. `refreshFor`: Teams' ids of people whose clients fetch their own form of it by themselves. */
export interface Audience {
  /** `everyone`: nobody in particular, so no button on it decides anything. `viewer`: the buttons are theirs. */
  looks: 'everyone' | 'viewer';
  refreshFor: readonly string[];
}

/** A change that somebody may still decide. */
export function isOpen(change: ApprovalView): boolean {
  return (change.actions ?? []).some((action) => action.kind === 'decide' && mayStillDecide(change, action.verdict));
}

/**
 * The card of a view as Teams gets it. The card of an open change is one message for a whole conversation: for everyone it
 * has one button that fetches the presser's own form, and clients of the people in `refreshFor` fetch theirs unasked (C8).
 */
export async function teamsCard(view: View, { looks, refreshFor }: Audience): Promise<TeamsCard> {
  if (view.kind !== 'approval' || !isOpen(view)) return renderAdaptive(view, 'chat', 'teams');
  const shown = looks === 'viewer' ? view : withoutDecisions(view);
  const card: TeamsCard = await renderAdaptive(shown, 'chat', 'teams');
  const fetchOwn = { type: 'Action.Execute', verb: 'refresh', data: { kind: 'refresh', approvalId: view.approvalId } };
  if (looks === 'everyone') card.actions = [{ ...fetchOwn, title: 'Decide …' }, ...card.actions];
  const userIds = thatFit(refreshFor, mostBytes - bytes({ ...card, refresh: { action: fetchOwn, userIds: [] } }));
  return userIds.length > 0 ? { ...card, refresh: { action: fetchOwn, userIds } } : card;
}

function withoutDecisions(view: ApprovalView): ApprovalView {
  return { ...view, actions: view.actions?.filter(({ kind }) => kind !== 'decide') };
}

/** Whoever is left out has the button still. */
function thatFit(ids: readonly string[], room: number): string[] {
  let left = room;
  return [...new Set(ids)].slice(0, mostRefreshed).filter((id) => {
    left -= bytes(id) + 1;
    return left >= 0;
  });
}

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value), 'utf8');
