import type { ToolCall } from '../approvals/call.ts';
import type { TurnResult } from '../bot/turn.ts';
import type { Cell, View } from '../cards/view.ts';

/** What came of one sentence in a whole house. */
export interface Heard {
  /** What the gate was asked for, in order. */
  asked: readonly ToolCall[];
  /** The cards of the answer, in order. */
  shown: readonly View[];
  end: TurnResult;
  seconds: number;
}

/** The phrases or the grammar answered: nothing of it says anything about the model. */
export const isWithoutModel = ({ end }: Heard): boolean => end.understoodBy !== 'model';

/** Words of the model that people see: those it stands for, and those it only weighs. */
export interface Told {
  claimed: string;
  all: string;
}

const CLAIMED = new Set(['In short', 'Confirmed', 'Likely']);
const RULED_OUT = new Set(['Unlikely']);

/** An answer stands for all it says; of findings only what is confirmed or likely, and the summary. */
export function toldIn(shown: readonly View[]): Told {
  const own = shown.filter((view) => view.aiWritten);
  const fields = own.flatMap((view) =>
    view.kind === 'sections'
      ? view.sections
          .filter(({ heading }) => heading === 'Summary' || heading === 'Findings')
          .flatMap((section) => (section.fields ?? []).map(({ label, value }) => ({ label, text: textOf(value) })))
      : [{ label: 'In short', text: spokenIn(view) }],
  );
  const joined = (keep: (label: string) => boolean) =>
    fields
      .filter(({ label }) => keep(label))
      .map(({ text }) => text)
      .join('\n');
  return { claimed: joined((label) => CLAIMED.has(label)), all: joined((label) => !RULED_OUT.has(label)) };
}

/** The commands that a press on the answer would say. */
export function offeredIn(shown: readonly View[]): string[] {
  return shown
    .filter((view) => view.aiWritten)
    .flatMap(({ actions = [] }) => actions.flatMap((action) => (action.kind === 'say' ? [action.text] : [])));
}

function spokenIn(view: View): string {
  if (view.kind === 'message') return view.body;
  return view.kind === 'question' ? view.question : '';
}

function textOf(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  return 'text' in cell ? cell.text : cell.at;
}
