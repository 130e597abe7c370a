import { approvalFields } from '../approval-fields.ts';
import type { ApprovalView, Vote } from '../view.ts';
import { notWhole, statusGlyph, verdictWords } from '../wording.ts';
import { type FieldModel, fieldModels, statusColour } from './cell-model.ts';
import type { Clip } from './clip.ts';
import { moment } from './moment.ts';
import { type TableModel, tableModel } from './table-model.ts';

export interface ApprovalModel {
  hasWarnings: boolean;
  warnings: { line: string }[];
  outcome: { line: string }[];
  where: { fields: FieldModel[] };
  changes: TableModel;
  weight: { fields: FieldModel[] };
  decision: { fields: FieldModel[] };
  seal: { fields: FieldModel[] };
  votes: { line: string; color: string; at: string }[];
}

export function approvalModel(view: ApprovalView, clip: Clip): ApprovalModel {
  const { where, weight, decision, seal } = approvalFields(view);
  const rows = view.changes.map(({ field, before, after }) => [field, before, after]);
  const model = {
    hasWarnings: view.warnings.length > 0,
    warnings: lines(view.warnings, 'warnings', clip),
    outcome: lines(view.outcome, 'lines of what happened', clip),
    where: { fields: fieldModels(where, clip) },
    changes: tableModel(['Field', 'Before', 'After'], rows, clip, { what: 'changes' }),
    weight: { fields: fieldModels(weight, clip) },
    decision: { fields: fieldModels(decision, clip) },
    seal: { fields: fieldModels(seal, clip) },
    votes: clip.list(view.votes, 'votes').map((vote) => voteModel(vote, clip)),
  };
  if (view.state === 'pending' && clip.omitted().length > 0) {
    clip.leave(notWhole);
  }
  return model;
}

function lines(texts: readonly string[], what: string, clip: Clip): { line: string }[] {
  return clip.list(texts, what).map((text) => ({ line: clip.text(text) }));
}

function voteModel({ person, verdict, at, reason }: Vote, clip: Clip) {
  const { done, status } = verdictWords[verdict];
  const because = reason ? `: ${reason}` : '';
  return {
    line: `${statusGlyph[status]} ${clip.text(`${person} ${done}${because}`)}`,
    color: statusColour[status],
    at: moment(at),
  };
}
