import type { Level } from '../clip.ts';

/**
 * What Slack takes. From the JSDoc of @slack/types 3.2.0 and https://docs.slack.dev/reference/block-kit, unless a line
 * says otherwise.
 */
export const limits = {
  messageBlocks: 50,
  homeBlocks: 100,
  /** Undocumented, hit near 13,200 characters with every block counting for some more: slackapi/bolt-js issue 2509. */
  totalText: 12_000,
  /** Measured there: one divider took the room of 125 characters. */
  blockWeight: 125,
  text: 3000,
  header: 150,
  sectionFields: 10,
  sectionField: 2000,
  contextElements: 10,
  actionElements: 25,
  actionId: 255,
  buttonText: 75,
  buttonValue: 2000,
  buttonUrl: 3000,
  tablesPerMessage: 1,
  /** The first one is the header. */
  tableRows: 100,
  tableColumns: 20,
  /** https://docs.slack.dev/reference/block-kit/blocks/data-table-block says it of all tables of a message together. */
  tableText: 10_000,
  /** Undocumented; what others ran into. */
  chartsPerMessage: 2,
  chartTitle: 50,
  chartAxisLabel: 50,
  /** Of a series, and of a point on the axis. */
  chartName: 20,
  chartSeries: 6,
  chartPoints: 20,
  modalTitle: 24,
  modalButton: 24,
  privateMetadata: 3000,
  inputLabel: 2000,
} as const;

/** All that the buttons of one card carry together: no limit of Slack's, but it must not crowd out what people read. */
export const maxValues = 4000;

/** What a person may write as a reason; the text box of the other dialects has the same. */
export const maxReason = 300;

const loosest: Level = {
  rows: limits.tableRows - 1,
  columns: limits.tableColumns,
  text: 2000,
  body: 9000,
  charts: limits.chartsPerMessage,
};

/** So tight that any card fits. */
export const tightest: Level = { rows: 2, columns: 8, text: 24, body: 200, charts: 0 };

/** From loose to tight. */
export const levels: readonly Level[] = Array.from({ length: 12 }, (_, step) => levelAt(0.75 ** step));

function levelAt(share: number): Level {
  const shrunk = (key: 'rows' | 'text' | 'body'): number => Math.max(tightest[key], Math.floor(loosest[key] * share));
  return { ...loosest, rows: shrunk('rows'), text: shrunk('text'), body: shrunk('body') };
}
