import { expect } from 'chai';
import { createIncidentRecord } from '../../../tools/incidents/create-incident-record.ts';
import { listIncidents } from '../../../tools/incidents/list-incidents.ts';
import type { ToolContext } from '../../../tools/tool.ts';
import { createBench, run } from '../bench.ts';

async function fill(context: ToolContext, count: number) {
  for (let i = 0; i < count; i++) {
    await run(
      createIncidentRecord,
      { summary: `number ${i + 1}`, severity: i % 3 === 0 ? 'critical' : 'low' },
      context,
    );
  }
}

const idsOf = (incidents: unknown) => (incidents as { id: string }[]).map(({ id }) => Number(id.slice(-6)));

describe('list_incidents', () => {
  it('lists the newest first and says that there are more [T9]', async () => {
    const { context } = await createBench();
    await fill(context, 7);

    const { output, view } = await run(listIncidents, { max_results: 3 }, context);

    expect(idsOf(output.incidents)).to.deep.equal([7, 6, 5]);
    expect(view).to.include({ title: 'Incidents: 3 and more', note: 'Only the newest are shown.' });
    expect(view.actions).to.have.length(3);
  });

  it('filters by severity, also beyond the first page [T9, T11]', async () => {
    const { context } = await createBench();
    await fill(context, 130);

    const { output } = await run(listIncidents, { severity: 'critical', max_results: 50 }, context);

    expect(output.incidents).to.have.length(44);
    expect(output).to.include({ more: false });
  });

  it('says that nothing was recorded, and of which severity [T9]', async () => {
    const { context } = await createBench();

    const all = await run(listIncidents, {}, context);
    const high = await run(listIncidents, { severity: 'high' }, context);

    expect(all.view).to.include({ empty: 'No incidents have been recorded.' });
    expect(high.view).to.have.property('empty').that.includes('severity high');
  });
});
