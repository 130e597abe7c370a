import { z } from 'zod';
import type { Cell, Series } from '../../cards/view.ts';

export const REPORTS = ['access', 'operations', 'approvals', 'decisions', 'tags', 'keys'] as const;
export type ReportName = (typeof REPORTS)[number];

const Status = z.enum(['good', 'warning', 'bad', 'waiting', 'neutral']);
const CellForm = z.union([
  z.string(),
  /** A moment, ISO 8601, UTC. */
  z.object({ at: z.string() }),
  z.object({ text: z.string(), status: Status }),
]);

/** One number that is worth a look: what it counts, how it reads, whether somebody should act. */
const Figure = z.object({
  label: z.string(),
  /** Null where nothing was there to count. */
  value: z.number().nullable(),
  text: z.string(),
  status: Status,
});
export type Figure = z.output<typeof Figure>;

const Table = z.object({
  title: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(CellForm)),
  /** Rows that were found and are not in `rows`. */
  left_out: z.number(),
  /** What to read where there are no rows. */
  empty: z.string(),
});
export type ReportTable = z.output<typeof Table>;

const Curve = z.object({
  label: z.string(),
  unit: z.string(),
  points: z.array(z.object({ at: z.string(), value: z.number().nullable() })),
});

/** What every report answers with, whatever it is about: the console, programs and cards read this one form. */
export const Report = z.object({
  report: z.enum(REPORTS),
  title: z.string(),
  /** 'last 7 days', or 'now' where no time is looked at. */
  window: z.string(),
  /** ISO 8601, UTC. */
  from: z.string(),
  to: z.string(),
  figures: z.array(Figure),
  series: z.array(Curve),
  tables: z.array(Table),
  /** What the answer does not cover, a sentence each. */
  limits: z.array(z.string()),
});
export type Report = z.output<typeof Report>;

/** What one report finds out. */
export interface Findings {
  figures: Figure[];
  series?: Series[];
  tables: ReportTable[];
  limits?: string[];
}

const MOST_ROWS = 100;

export function table(title: string, columns: string[], rows: Cell[][], empty: string): ReportTable {
  return { title, columns, rows: rows.slice(0, MOST_ROWS), left_out: Math.max(0, rows.length - MOST_ROWS), empty };
}

/** A number of things; `status` is for when there are any. */
export function countOf(label: string, value: number, status: Figure['status'] = 'neutral'): Figure {
  return { label, value, text: value.toLocaleString('en-US'), status: value === 0 ? 'neutral' : status };
}
