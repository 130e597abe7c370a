import type { JsonObject } from '../../lib/json.ts';
import { isSafeLink } from '../safe-link.ts';
import type { Action, View } from '../view.ts';
import { mayStillDecide, notWhole } from '../wording.ts';
import type { Clip } from './clip.ts';
import { plain } from './escape.ts';
import { maxActions } from './limits.ts';

const styles = { primary: 'positive', danger: 'destructive' } as const;
const maxReason = 300;
const maxCommand = 1000;

/** The buttons of a card. A press carries ids only. Links that are not https, or http on this machine, are dropped. */
export function actionModels(view: View, clip: Clip): JsonObject[] {
  const isWholeCard = !clip.omitted().includes(notWhole);
  const offered = (view.actions ?? []).filter((action) => isOffered(action, view) && (isWholeCard || !isYes(action)));
  const pressable = offered.filter((action) => action.kind !== 'say' || isWhole(action.text));
  if (pressable.length < offered.length) clip.leave('A button is left out: what it would say is too long.');
  return clip.list(pressable, 'actions', maxActions).map((action) => actionModel(action, clip));
}

/** A shortened command is another command. */
function isWhole(text: string): boolean {
  return plain(text, maxCommand + 1).length <= maxCommand;
}

const isYes = (action: Action): boolean => action.kind === 'decide' && action.verdict === 'approve';

function isOffered(action: Action, view: View): boolean {
  if (action.kind === 'link') return isSafeLink(action.url);
  if (action.kind === 'decide' && view.kind === 'approval') return mayStillDecide(view, action.verdict);
  return true;
}

function actionModel(action: Action, clip: Clip): JsonObject {
  const title = clip.text(action.label, 60);
  if (action.kind === 'link') return { type: 'Action.OpenUrl', title, url: new URL(action.url).href };
  const style: JsonObject = action.style ? { style: styles[action.style] } : {};
  if (action.kind === 'say') {
    return { type: 'Action.Submit', title, ...style, data: { kind: 'say', text: plain(action.text, maxCommand) } };
  }

  const data = { kind: 'decide', verdict: action.verdict, approvalId: action.approvalId, digest: action.digest };
  const execute = { type: 'Action.Execute', title, ...style, verb: 'decide', data };
  return action.reason === 'required' ? askReason(title, style, execute) : execute;
}

function askReason(title: string, style: JsonObject, execute: JsonObject): JsonObject {
  const input = {
    type: 'Input.Text',
    id: 'reason',
    label: 'Why? The requester will read this.',
    isRequired: true,
    errorMessage: `Give a reason of 1 to ${maxReason} characters.`,
    maxLength: maxReason,
    isMultiline: true,
  };
  return {
    type: 'Action.ShowCard',
    title: `${title} …`,
    ...style,
    card: { type: 'AdaptiveCard', version: '1.5', body: [input], actions: [execute] },
  };
}
