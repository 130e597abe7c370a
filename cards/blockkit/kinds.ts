import type { Block, RichTextBlock } from '@slack/types';
import { failureFields, refusalFields } from '../end-fields.ts';
import type { HelpView, SectionsView, TableView, View, ViewKind } from '../view.ts';
import { effectWords, statusGlyph, stepStatus } from '../wording.ts';
import { approvalBlocks } from './approval.ts';
import { chartBlocks, seriesBlocks } from './chart.ts';
import { fieldBlocks } from './columns.ts';
import { fieldLine } from './fields.ts';
import type { Page } from './page.ts';
import { bullets, type Line, rich, richBlock, section } from './rich.ts';
import { tableRows } from './table.ts';

type Kinds = { [Kind in ViewKind]: (view: Extract<View, { kind: Kind }>, page: Page) => Block[] };

const maxSections = 20;
const fewestRows = 2;

const kinds = {
  message: ({ body }, page) => free(body, page),
  facts: ({ fields }, page) => fieldBlocks(fields, page),
  table: tableBlocks,
  sections: sectionBlocks,
  chart: chartBlocks,
  approval: approvalBlocks,
  refusal: (view, page) => [...free(view.because, page), ...fieldBlocks(refusalFields(view), page)],
  failure: (view, page) => [...free(view.message, page), ...fieldBlocks(failureFields(view), page)],
  question: ({ question }, page) => free(question, page),
  menu: ({ body, examples }, page) => [
    ...free(body, page),
    ...richBlock(
      bullets(
        page
          .list(examples, 'examples')
          .map(({ text, summary }) => [[rich.code(page.text(text))], [rich.text(page.text(summary))]]),
      ),
    ),
  ],
  help: ({ body, commands }, page) => [
    ...free(body, page),
    ...richBlock(bullets(page.list(commands, 'commands').map((command) => commandLines(command, page)))),
  ],
  progress: ({ steps }, page) =>
    richBlock(
      section(
        page
          .list(steps, 'steps')
          .map(({ text, state }) => [rich.text(`${statusGlyph[stepStatus[state]]} ${page.text(text)} · ${state}`)]),
      ),
    ),
} satisfies Kinds;

/** What stands between the title and the small print of a card. */
export function kindBlocks<Kind extends ViewKind>(view: Extract<View, { kind: Kind }>, page: Page): Block[] {
  const blocks: (view: Extract<View, { kind: Kind }>, page: Page) => Block[] = (kinds as Kinds)[view.kind as Kind];
  return blocks(view, page);
}

function free(text: string, page: Page): RichTextBlock[] {
  return richBlock(section(page.body(text)));
}

function tableBlocks({ columns, rows, empty }: TableView, page: Page): Block[] {
  if (rows.length === 0) return free(empty, page);
  const made = tableRows(columns, rows, page);
  if (!made) return [];
  return 'table' in made ? [made.table] : richBlock(made.list);
}

/** The rows of one card are shared out evenly among its sections. */
function sectionBlocks({ sections }: SectionsView, page: Page): Block[] {
  const shown = page.list(sections, 'sections', Math.min(maxSections, page.level.rows));
  const most = Math.max(fewestRows, Math.floor(page.level.rows / Math.max(1, shown.length)));
  // Pictures are counted for the whole message: only the first section with series may have any.
  const pictured = shown.findIndex(({ series = [] }) => series.length > 0);
  return shown.flatMap((one, index): Block[] => {
    const { heading, fields = [], series = [], columns = [], rows = [] } = one;
    const lines = page.list(fields, 'fields', most).map((field) => fieldLine(field, page));
    const head = section([[rich.bold(page.text(heading))], ...lines]);
    const drawn = series.length > 0 ? seriesBlocks(series, page, index === pictured ? page.level.charts : 0) : [];
    const made = tableRows(columns, rows, page, most);
    if (!made) return [...richBlock(head), ...drawn];
    if ('table' in made) return [...richBlock(head), ...drawn, made.table];
    return drawn.length > 0 ? [...richBlock(head), ...drawn, ...richBlock(made.list)] : richBlock(head, made.list);
  });
}

function commandLines({ usage, summary, example, effect }: HelpView['commands'][number], page: Page): Line[] {
  return [
    [rich.bold(page.text(usage))],
    [rich.text(`${page.text(summary)} (${effectWords[effect]})`)],
    [rich.text('for example '), rich.code(page.text(example))],
  ];
}
