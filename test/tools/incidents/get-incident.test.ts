import { expect } from 'chai';
import { createIncidentRecord } from '../../../tools/incidents/create-incident-record.ts';
import { getIncident } from '../../../tools/incidents/get-incident.ts';
import { createBench, failureOf, refusals, run } from '../bench.ts';

describe('get_incident', () => {
  it('shows one incident, however its id is written, with hostile text as data [T9]', async () => {
    const { context } = await createBench();
    const summary = '<script>${x}</script> *all* \u202edoc.exe';
    await run(createIncidentRecord, { summary, severity: 'critical' }, context);

    const { output, view } = await run(getIncident, { incident_id: ' inc-2026-000001 ' }, context);

    expect(output.incident).to.deep.include({ id: 'INC-2026-000001', summary });
    expect(view).to.deep.include({ title: 'Incident INC-2026-000001', status: 'bad' });
  });

  it('says that an id was never given out, and refuses what is no id [T9]', async () => {
    const { context } = await createBench();

    const error = await failureOf(run(getIncident, { incident_id: 'INC-2026-000009' }, context));

    expect(error).to.include({ code: 'not_found' });
    expect(error.hint).to.include('incident list');
    expect(refusals(getIncident, { incident_id: '9' })).to.deep.equal([
      'incident_id: an incident id looks like INC-2026-000123',
    ]);
  });
});
