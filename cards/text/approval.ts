import { approvalFields } from '../approval-fields.ts';
import type { ApprovalView, Vote } from '../view.ts';
import { statusGlyph, verdictWords } from '../wording.ts';
import { fieldLines } from './fields.ts';
import { hang } from './layout.ts';
import type { Sheet } from './sheet.ts';

/** The whole proposal; nothing of a change is ever cut here, only wrapped. */
export function approvalLines(view: ApprovalView, sheet: Sheet): string[][] {
  const { where, weight, decision, seal } = approvalFields(view);
  return [
    view.outcome.flatMap((line) => hang('', sheet.clean(line), sheet.width)),
    view.warnings.flatMap((line) => marked('warning', sheet.clean(line), sheet)),
    fieldLines(where, sheet),
    changeLines(view, sheet),
    fieldLines(weight, sheet),
    fieldLines(decision, sheet),
    view.votes.flatMap((vote) => voteLines(vote, sheet)),
    fieldLines(seal, sheet),
  ];
}

function changeLines({ changes }: ApprovalView, sheet: Sheet): string[] {
  if (changes.length === 0) return [];
  const fields = changes.map(({ field, before, after }) => ({
    label: field,
    value: `${sheet.clean(before)} → ${sheet.clean(after)}`,
  }));
  return [sheet.paint('bold', 'Before → after'), ...fieldLines(fields, sheet)];
}

function voteLines({ person, verdict, at, reason }: Vote, sheet: Sheet): string[] {
  const { done, status } = verdictWords[verdict];
  const because = reason ? `: ${sheet.clean(reason)}` : '';
  return marked(status, `${sheet.clean(person)} ${done} ${sheet.moment(at)}${because}`, sheet);
}

function marked(status: 'good' | 'warning' | 'bad' | 'neutral', text: string, sheet: Sheet): string[] {
  return hang(`${statusGlyph[status]} `, text, sheet.width).map((line) => sheet.paint.status(status, line));
}
