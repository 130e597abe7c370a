import type { Action, View } from '../view.ts';
import { mayStillDecide } from '../wording.ts';
import type { Sheet } from './sheet.ts';

/** What a button does elsewhere, as a command that works when pasted: never wrapped. */
export function actionLines(view: View, sheet: Sheet): string[] {
  return (view.actions ?? [])
    .filter((action) => action.kind !== 'decide' || view.kind !== 'approval' || mayStillDecide(view, action.verdict))
    .flatMap((action) => {
      const label = sheet.clean(action.label);
      const paste = `  ${command(action, view, sheet)}`;
      return label === paste.trim() ? [paste] : [sheet.paint('dim', `${label}:`), paste];
    });
}

function command(action: Action, view: View, sheet: Sheet): string {
  if (action.kind === 'say') return sheet.clean(action.text);
  if (action.kind === 'link') return sheet.clean(action.url);
  const because = action.reason === 'required' ? ' because <reason>' : '';
  const token = action.verdict === 'cancel' ? undefined : tokenFor(action.approvalId, view);
  return `${action.verdict} ${token ? `token:${sheet.clean(token)}` : sheet.clean(action.approvalId)}${because}`;
}

function tokenFor(approvalId: string, view: View): string | undefined {
  if (view.kind !== 'approval' || view.approvalId !== approvalId || view.state !== 'pending') return undefined;
  return view.token;
}
