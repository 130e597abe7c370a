import type { ActionsBlock, Button } from '@slack/types';
import { isSafeLink } from '../safe-link.ts';
import type { Action, View } from '../view.ts';
import { mayStillDecide, notWhole } from '../wording.ts';
import { limits, maxValues } from './limits.ts';
import type { Page } from './page.ts';
import { pressValue } from './press.ts';
import { plainText } from './rich.ts';

const ellipsis = ' …';

/** The buttons of a card. What one would carry is never shortened: a button that does not fit is left out, and said. */
export function actionBlocks(view: View, page: Page): ActionsBlock[] {
  const isWhole = !page.omitted().includes(notWhole);
  const offered = (view.actions ?? []).filter((action) => isOffered(action, view) && (isWhole || !isYes(action)));
  const shown = page.list(offered, 'actions', limits.actionElements);
  const buttons: Button[] = [];
  const ids = new Map<string, number>();
  let room = maxValues;
  let left = 0;
  for (const action of shown) {
    const made = button(action, buttons.length + 1, page);
    const size = made ? (made.value ?? made.url ?? '').length : 0;
    if (!made || size > room) {
      left += 1;
      continue;
    }
    room -= size;
    buttons.push({ ...made, action_id: own(made.action_id ?? '', ids) });
  }
  if (left > 0) page.leave(leftOut(left));
  return buttons.length > 0 ? [{ type: 'actions', elements: buttons }] : [];
}

const isYes = (action: Action): boolean => action.kind === 'decide' && action.verdict === 'approve';

function isOffered(action: Action, view: View): boolean {
  return action.kind !== 'decide' || view.kind !== 'approval' || mayStillDecide(view, action.verdict);
}

function button(action: Action, place: number, page: Page): Button | undefined {
  if (action.kind === 'link') {
    if (!isSafeLink(action.url)) return undefined;
    return {
      type: 'button',
      text: label(action.label, page),
      action_id: `link:${place}`,
      url: new URL(action.url).href,
    };
  }
  const value = pressValue(action);
  if (value === undefined) return undefined;
  const asks = action.kind === 'decide' && action.reason === 'required';
  return {
    type: 'button',
    text: label(action.label, page, asks ? ellipsis : ''),
    action_id: action.kind === 'say' ? `say:${place}` : `${asks ? 'ask' : 'decide'}:${action.verdict}`,
    value,
    ...(action.style && { style: action.style }),
  };
}

function label(text: string, page: Page, end = '') {
  return plainText(page.text(text, limits.buttonText - end.length) + end);
}

/** Slack wants every id once; a card may offer the same verdict on several changes. */
function own(id: string, ids: Map<string, number>): string {
  const count = (ids.get(id) ?? 0) + 1;
  ids.set(id, count);
  return count === 1 ? id : `${id}:${count}`;
}

function leftOut(count: number): string {
  return count === 1
    ? '1 button left out: what it would send is too long or not safe.'
    : `${count} buttons left out: what they would send is too long or not safe.`;
}
