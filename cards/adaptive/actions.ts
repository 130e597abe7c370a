import type { JsonObject } from '../../lib/json.ts';
import type { Action, View } from '../view.ts';
import { mayStillDecide } from '../wording.ts';
import type { Clip } from './clip.ts';
import { maxActions } from './limits.ts';

const styles = { primary: 'positive', danger: 'destructive' } as const;
const maxReason = 300;
const maxUrl = 2000;

/** The buttons of a card. A press carries ids only. Links that are not https, or http on this machine, are dropped. */
export function actionModels(view: View, clip: Clip): JsonObject[] {
  const offered = (view.actions ?? []).filter((action) => isOffered(action, view));
  return clip.list(offered, 'actions', maxActions).map((action) => actionModel(action, clip));
}

function isOffered(action: Action, view: View): boolean {
  if (action.kind === 'link') return isSafeLink(action.url);
  if (action.kind === 'decide' && view.kind === 'approval') return mayStillDecide(view, action.verdict);
  return true;
}

export function isSafeLink(text: string): boolean {
  if (text.length > maxUrl || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

function actionModel(action: Action, clip: Clip): JsonObject {
  const title = clip.text(action.label, 60);
  if (action.kind === 'link') return { type: 'Action.OpenUrl', title, url: new URL(action.url).href };
  const style: JsonObject = action.style ? { style: styles[action.style] } : {};
  if (action.kind === 'say') {
    return { type: 'Action.Submit', title, ...style, data: { kind: 'say', text: clip.text(action.text, 1000) } };
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
