import { failureFields, refusalFields } from '../end-fields.ts';
import type { View, ViewKind } from '../view.ts';
import { effectWords, statusGlyph, stepStatus } from '../wording.ts';
import { approvalModel } from './approval-model.ts';
import { fieldModels, statusColour } from './cell-model.ts';
import { chartModel } from './chart-model.ts';
import type { Clip } from './clip.ts';
import { sectionsModel } from './sections-model.ts';
import { tableModel } from './table-model.ts';

type Models = { [Kind in ViewKind]: (view: Extract<View, { kind: Kind }>, clip: Clip) => object };

/** The data each template is given; every key a template names is there. */
const models: Models = {
  message: (view, clip) => ({ paragraphs: paragraphs(view.body, clip) }),
  facts: (view, clip) => ({ fields: fieldModels(view.fields, clip) }),
  table: (view, clip) => ({
    ...tableModel(view.columns, view.rows, clip),
    empty: view.rows.length === 0 ? paragraphs(view.empty, clip) : [],
  }),
  sections: sectionsModel,
  chart: chartModel,
  approval: approvalModel,
  refusal: (view, clip) => ({
    paragraphs: paragraphs(view.because, clip),
    fields: fieldModels(refusalFields(view), clip),
  }),
  failure: (view, clip) => ({
    paragraphs: paragraphs(view.message, clip),
    fields: fieldModels(failureFields(view), clip),
  }),
  question: (view, clip) => ({ paragraphs: paragraphs(view.question, clip) }),
  menu: (view, clip) => ({
    paragraphs: paragraphs(view.body, clip),
    examples: clip.list(view.examples, 'examples').map(({ text, summary }) => ({
      text: clip.text(text),
      summary: clip.text(summary),
    })),
  }),
  help: (view, clip) => ({
    paragraphs: paragraphs(view.body, clip),
    commands: clip.list(view.commands, 'commands').map(({ usage, summary, example, effect }) => ({
      usage: clip.text(usage),
      summary: clip.text(summary),
      effect: effectWords[effect],
      example: clip.text(example),
    })),
  }),
  progress: (view, clip) => ({
    steps: clip.list(view.steps, 'steps').map(({ text, state }) => ({
      line: `${statusGlyph[stepStatus[state]]} ${clip.text(text)}`,
      state,
      color: statusColour[stepStatus[state]],
    })),
  }),
};

export function kindModel<Kind extends ViewKind>(view: Extract<View, { kind: Kind }>, clip: Clip): object {
  const model: (view: Extract<View, { kind: Kind }>, clip: Clip) => object = models[view.kind as Kind];
  return model(view, clip);
}

function paragraphs(text: string, clip: Clip): { line: string }[] {
  return clip.lines(text).map((line) => ({ line }));
}
