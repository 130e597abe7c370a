import { failureFields, refusalFields } from '../end-fields.ts';
import type { View } from '../view.ts';
import { accountWords, effectWords, modeWords, standing, statusGlyph, stepStatus } from '../wording.ts';
import { actionLines } from './actions.ts';
import { approvalLines } from './approval.ts';
import { seriesLines } from './chart.ts';
import { fieldLines } from './fields.ts';
import { hang, noBreak } from './layout.ts';
import { createSheet, type Sheet, type TextOptions } from './sheet.ts';
import { tableLines } from './table.ts';

const maxBodyLines = 500;

/** The card as text for a terminal, and as the fallback of every other channel. Data cannot move the cursor or reorder a line. */
export function renderText(view: View, options: TextOptions): string {
  const sheet = createSheet(options);
  // A menu's examples are its commands already.
  const actions = view.kind === 'menu' ? [] : actionLines(view, sheet);
  const blocks = [heading(view, sheet), ...content(view, sheet), footer(view, sheet), actions];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')
    .replaceAll(noBreak, ' ');
}

function heading(view: View, sheet: Sheet): string[] {
  if (view.kind === 'approval') {
    const { status, words } = standing(view);
    const kicker = hang(`${statusGlyph[status]} `, sheet.clean(words), sheet.width);
    const action = hang('', sheet.clean(view.action), sheet.width);
    return [
      ...kicker.map((line) => sheet.paint.status(status, line)),
      ...action.map((line) => sheet.paint('bold', line)),
    ];
  }
  const glyph = view.status ? `${statusGlyph[view.status]} ` : '';
  return hang(glyph, sheet.clean(view.title), sheet.width).map((line) =>
    sheet.paint.status(view.status, sheet.paint('bold', line)),
  );
}

function content(view: View, sheet: Sheet): string[][] {
  switch (view.kind) {
    case 'message':
      return [body(view.body, sheet)];
    case 'facts':
      return [fieldLines(view.fields, sheet)];
    case 'table':
      return [view.rows.length === 0 ? body(view.empty, sheet) : tableLines(view.columns, view.rows, sheet)];
    case 'sections':
      return view.sections.map(({ heading: name, fields = [], series = [], columns = [], rows = [] }) => [
        ...hang('', sheet.clean(name), sheet.width).map((line) => sheet.paint('bold', line)),
        ...fieldLines(fields, sheet),
        ...series.flatMap((one) => seriesLines(one, sheet)),
        ...(rows.length > 0 ? tableLines(columns, rows, sheet) : []),
      ]);
    case 'chart':
      return [fieldLines(view.fields, sheet), ...view.series.map((series) => seriesLines(series, sheet))];
    case 'approval':
      return approvalLines(view, sheet);
    case 'refusal':
      return [body(view.because, sheet), fieldLines(refusalFields(view), sheet)];
    case 'failure':
      return [body(view.message, sheet), fieldLines(failureFields(view), sheet)];
    case 'question':
      return [body(view.question, sheet)];
    case 'menu':
      return [
        body(view.body, sheet),
        view.examples.flatMap(({ text, summary }) => [
          `  ${sheet.clean(text)}`,
          ...hang('      ', sheet.clean(summary), sheet.width).map((line) => sheet.paint('dim', line)),
        ]),
      ];
    case 'help':
      return [
        body(view.body, sheet),
        ...view.commands.map(({ usage, summary, example, effect }) => [
          ...hang('', sheet.clean(usage), sheet.width).map((line) => sheet.paint('bold', line)),
          ...hang('  ', `${sheet.clean(summary)} (${effectWords[effect]})`, sheet.width),
          ...hang('  ', `for example: ${sheet.clean(example)}`, sheet.width).map((line) => sheet.paint('dim', line)),
        ]),
      ];
    case 'progress':
      return [
        view.steps.flatMap(({ text, state }) => {
          const status = stepStatus[state];
          const lines = hang(`${statusGlyph[status]} `, `${sheet.clean(text)} (${state})`, sheet.width);
          return lines.map((line) => sheet.paint.status(status, line));
        }),
      ];
  }
}

function body(text: string, sheet: Sheet): string[] {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/, maxBodyLines + 1);
  const shown = lines
    .slice(0, maxBodyLines)
    .flatMap((line) => hang('', line.trim() === '' ? '' : sheet.clean(line), sheet.width));
  return lines.length > maxBodyLines ? [...shown, '… more lines not shown.'] : shown;
}

function footer(view: View, sheet: Sheet): string[] {
  const { source, correlationId, note } = view;
  const place = source && view.kind !== 'approval' ? [accountWords(source), source.region, modeWords[source.mode]] : [];
  const read = source ? [`read ${sheet.moment(source.at)}`] : [];
  const id = correlationId ? [`id ${sheet.clean(correlationId)}`] : [];
  return [
    ...(note ? hang('', sheet.clean(note), sheet.width) : []),
    ...quiet([...place, ...read], sheet),
    ...quiet(id, sheet),
  ];
}

function quiet(parts: string[], sheet: Sheet): string[] {
  if (parts.length === 0) return [];
  // Breaks come between the parts: a time stays in one piece.
  const text = parts.map((part) => sheet.clean(part).replaceAll(' ', noBreak)).join(' · ');
  return hang('', text, sheet.width).map((line) => sheet.paint('dim', line));
}
