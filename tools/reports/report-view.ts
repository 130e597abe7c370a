import type { SectionsView, Source } from '../../cards/view.ts';
import { REPORTS, type Report, type ReportTable } from './report.ts';

/** A card is for a look; the console and the API have every row. */
const MOST_ROWS = 25;

/** A report as a card: the figures and curves first, then each table. */
export function reportView(report: Report, source: Source): SectionsView {
  const { title, window, figures, series, tables, limits } = report;
  const empties = tables.filter(({ rows }) => rows.length === 0).map(({ empty }) => empty);
  const worst = ['bad', 'warning'] as const;
  return {
    kind: 'sections',
    title: window === 'now' ? title : `${title}, ${window}`,
    status: worst.find((status) => figures.some((figure) => figure.status === status)),
    source,
    sections: [
      {
        heading: 'In short',
        fields: figures.map(({ label, text, status }) => ({
          label,
          value: status === 'neutral' ? text : { text, status },
        })),
        series,
      },
      ...tables.filter(({ rows }) => rows.length > 0).map(section),
    ],
    note: [...new Set([...empties, ...limits])].join(' ') || undefined,
    actions: REPORTS.filter((name) => name !== report.report && FIRST.includes(name))
      .slice(0, 3)
      .map((name) => ({ kind: 'say' as const, label: LABELS[name], text: `report ${name}` })),
  };
}

/** What people look at next. */
const FIRST: readonly Report['report'][] = ['operations', 'approvals', 'decisions', 'access'];
const LABELS: Record<Report['report'], string> = {
  access: 'Access review',
  operations: 'Operations',
  approvals: 'Waiting and expired',
  decisions: 'How people decide',
  tags: 'Tags',
  keys: 'Keys',
};

function section({ title, columns, rows, left_out }: ReportTable): SectionsView['sections'][number] {
  const left = left_out + Math.max(0, rows.length - MOST_ROWS);
  const heading = left > 0 ? `${title} (${MOST_ROWS} of ${rows.length + left_out})` : title;
  return { heading, columns, rows: rows.slice(0, MOST_ROWS) };
}
