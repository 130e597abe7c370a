import { z } from 'zod';
import { cleanText } from '../../lib/clean-text.ts';
import type { Store } from '../../store/store.ts';
import { inputOf, maxResults } from '../params.ts';
import { defineTool } from '../tool.ts';
import { Incident, incidentKind, severities, severityStatus } from './incident.ts';

/** How many of the newest incidents a search by severity looks through. */
const MOST_READ = 500;
const PAGE_SIZE = 100;

const Input = inputOf({
  severity: z
    .enum(severities, `one of ${severities.join(', ')}`)
    .optional()
    .describe('Only incidents of this severity')
    .meta({ param: 'severity' }),
  max_results: maxResults(20),
});
const Output = z.object({ incidents: z.array(Incident), more: z.boolean() });

/** Incidents, newest first. With a severity it looks through the newest 500. */
export const listIncidents = defineTool({
  name: 'list_incidents',
  title: 'Incidents',
  summary: 'The newest incident records, also by severity.',
  effect: 'read',
  command: 'incident list',
  aliases: ['incidents'],
  phrases: [
    'list incidents',
    'show incidents',
    'open incidents',
    'which incidents are open',
    'recent incidents',
    'show {severity} incidents',
    'list {severity} incidents',
    'any incidents',
  ],
  examples: ['incident list', 'incident list critical'],
  iam: [],
  input: Input,
  output: Output,

  async execute({ severity, max_results }, { store }) {
    const { rows, cut } = await readNewest(store, severity === undefined ? max_results + 1 : MOST_READ);
    const matching = rows.filter((incident) => severity === undefined || incident.severity === severity);
    return {
      incidents: matching.slice(0, max_results),
      more: matching.length > max_results || (severity !== undefined && cut),
    };
  },

  view({ incidents, more }, _source, { severity }) {
    return {
      kind: 'table',
      title: `Incidents: ${incidents.length}${more ? ' and more' : ''}`,
      columns: ['Id', 'Severity', 'Status', 'Created', 'Summary', 'By'],
      rows: incidents.map((incident) => [
        incident.id,
        { text: incident.severity, status: severityStatus[incident.severity] },
        incident.status,
        { at: incident.created_at },
        cleanText(incident.summary, 120),
        incident.created_by_name,
      ]),
      empty:
        severity === undefined
          ? 'No incidents have been recorded.'
          : `No incidents of severity ${severity} among the newest ${MOST_READ}.`,
      note: more ? 'Only the newest are shown.' : undefined,
      actions: incidents.slice(0, 3).map(({ id }) => ({ kind: 'say', label: id, text: `incident show ${id}` })),
    };
  },
});

async function readNewest(store: Store, most: number): Promise<{ rows: Incident[]; cut: boolean }> {
  const rows: Incident[] = [];
  let after: string | undefined;
  while (rows.length < most) {
    const limit = Math.min(PAGE_SIZE, most - rows.length);
    const page = await store.query(incidentKind, { index: 'all', partition: 'all', newestFirst: true, limit, after });
    rows.push(...page.rows.map(({ value }) => value));
    after = page.next;
    if (after === undefined) return { rows, cut: false };
  }
  return { rows, cut: true };
}
