import { z } from 'zod';
import type { Status } from '../../cards/view.ts';
import type { Kind } from '../../store/store.ts';

export const severities = ['low', 'medium', 'high', 'critical'] as const;

export const Incident = z.object({
  /** 'INC-2026-000123'. */
  id: z.string(),
  summary: z.string(),
  severity: z.enum(severities),
  status: z.enum(['open', 'closed']),
  links: z.array(z.string()),
  /** ISO 8601, UTC. */
  created_at: z.string(),
  /** The person's id and name at that time. */
  created_by: z.string(),
  created_by_name: z.string(),
  correlation_id: z.string(),
});
export type Incident = z.output<typeof Incident>;

/** `all` lists by id, which sorts by year and number. */
export const incidentKind: Kind<Incident> = {
  name: 'incident',
  schema: Incident,
  indexes: { all: ({ id }) => ({ partition: 'all', sort: id }) },
};

const Counter = z.object({ last: z.int().min(0) });

/** One row a year: the number given out last. */
export const incidentCounterKind: Kind<z.output<typeof Counter>> = {
  name: 'incident-counter',
  schema: Counter,
  indexes: {},
};

export const IncidentId = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^INC-\d{4}-\d{6}$/, 'an incident id looks like INC-2026-000123')
  .describe('Incident id, like INC-2026-000123')
  .meta({ param: 'incident_id' });

export const severityStatus = {
  low: 'neutral',
  medium: 'warning',
  high: 'bad',
  critical: 'bad',
} as const satisfies Record<Incident['severity'], Status>;

/** What every card about an incident says. */
export function incidentFields({ summary, severity, status, created_at, created_by_name, links }: Incident) {
  return [
    { label: 'Summary', value: summary },
    { label: 'Severity', value: { text: severity, status: severityStatus[severity] } },
    { label: 'Status', value: status },
    { label: 'Created', value: { at: created_at } },
    { label: 'By', value: created_by_name },
    { label: 'Links', value: links.join(' ') || 'none' },
  ];
}
