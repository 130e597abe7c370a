import { z } from 'zod';
import { OpsError } from '../../lib/errors.ts';
import { inputOf } from '../params.ts';
import { defineTool } from '../tool.ts';
import { Incident, IncidentId, incidentFields, incidentKind, severityStatus } from './incident.ts';

const Input = inputOf({ incident_id: IncidentId });
const Output = z.object({ incident: Incident });

/** @throws OpsError `not_found` for an id that was never given out */
export const getIncident = defineTool({
  name: 'get_incident',
  title: 'Incident',
  summary: 'One incident record by its id.',
  effect: 'read',
  command: 'incident show',
  aliases: ['incident get'],
  phrases: [
    'show incident {incident_id}',
    'show {incident_id}',
    'what is {incident_id}',
    'what is {incident_id} about',
    'status of {incident_id}',
    'details of {incident_id}',
    'open {incident_id}',
  ],
  examples: ['incident show INC-2026-000001'],
  iam: [],
  input: Input,
  output: Output,

  async execute({ incident_id }, { store }) {
    const row = await store.get(incidentKind, incident_id);
    if (row) return { incident: row.value };
    throw new OpsError('not_found', `There is no incident ${incident_id}.`, {
      hint: 'See the newest with "incident list".',
      facts: { field: 'incident_id' },
    });
  },

  view: ({ incident }) => ({
    kind: 'facts',
    title: `Incident ${incident.id}`,
    status: severityStatus[incident.severity],
    fields: incidentFields(incident),
    actions: [{ kind: 'say', label: 'All incidents', text: 'incident list' }],
  }),
});
