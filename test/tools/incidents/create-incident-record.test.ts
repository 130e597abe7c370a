import { expect } from 'chai';
import { OpsError } from '../../../lib/errors.ts';
import { put, type Store } from '../../../store/store.ts';
import { createIncidentRecord } from '../../../tools/incidents/create-incident-record.ts';
import { getIncident } from '../../../tools/incidents/get-incident.ts';
import { incidentCounterKind, incidentKind } from '../../../tools/incidents/incident.ts';
import type { ToolContext } from '../../../tools/tool.ts';
import { createBench, failureOf, refusals, run } from '../bench.ts';

const create = async (context: ToolContext, more: Record<string, string> = {}) => {
  const { output, view } = await run(
    createIncidentRecord,
    { summary: 'checkout answers 503', severity: 'high', ...more },
    context,
  );
  const { incident, notifications } = output as {
    incident: { id: string; links: string[] };
    notifications: { sent: boolean }[];
  };
  return { incident, notifications, view };
};

describe('create_incident_record', () => {
  it('gives the first number of the year, keeps who and when, and tells #ops [T7]', async () => {
    const { context, posts } = await createBench();

    const { incident, view } = await create(context, { links: 'https://a.example/x, https://b.example/y' });

    expect(incident).to.deep.equal({
      id: 'INC-2026-000001',
      summary: 'checkout answers 503',
      severity: 'high',
      status: 'open',
      links: ['https://a.example/x', 'https://b.example/y'],
      created_at: '2026-11-20T12:00:00.000Z',
      created_by: 'alice@example.com',
      created_by_name: 'Alice',
      correlation_id: 'c-1',
    });
    expect(posts.map(({ to, view: post }) => [to, post.title])).to.deep.equal([
      [{ channel: '#ops' }, 'New incident INC-2026-000001, high'],
    ]);
    expect(JSON.stringify(view)).to.include('INC-2026-000001').and.include('"open"').and.include('sent to #ops');
  });

  it('numbers without gaps or doubles when many are created at once [T7]', async () => {
    const { context } = await createBench();

    const made = await Promise.all(Array.from({ length: 25 }, () => create(context)));

    const ids = made.map(({ incident }) => incident.id).sort();
    expect(ids).to.deep.equal(Array.from({ length: 25 }, (_, i) => `INC-2026-${String(i + 1).padStart(6, '0')}`));
  });

  it('starts again at 1 with a new year [T7]', async () => {
    const { context, setNow } = await createBench();
    await create(context);
    await create(context);
    setNow(Date.parse('2027-01-01T00:00:00Z'));

    const { incident } = await create(context);

    expect(incident.id).to.equal('INC-2027-000001');
  });

  it('goes on after the number that is stored [T7]', async () => {
    const { context, store } = await createBench();
    await store.transact([put(incidentCounterKind, '2026', { last: 122 })]);

    const { incident } = await create(context);

    expect(incident.id).to.equal('INC-2026-000123');
  });

  it('leaves no number behind when the store fails [T7]', async () => {
    const { context, store } = await createBench();
    const broken: Store = {
      ...store,
      transact: async () => {
        throw new OpsError('store_unavailable', 'full', { hint: 'x' });
      },
    };

    const error = await failureOf(create({ ...context, store: broken }));
    const { incident } = await create(context);

    expect(error).to.include({ code: 'store_unavailable' });
    expect(incident.id).to.equal('INC-2026-000001');
  });

  it('gives up after many lost races, with nothing stored [T7]', async () => {
    const { context, store, posts } = await createBench();
    let tries = 0;
    const busy: Store = {
      ...store,
      transact: async () => {
        tries++;
        return { committed: false, because: 'conflict', kind: 'incident-counter', id: '2026' };
      },
    };

    const error = await failureOf(create({ ...context, store: busy }));

    expect(error).to.include({ code: 'store_unavailable', retryable: true });
    expect(tries).to.be.within(10, 100);
    expect(posts).to.deep.equal([]);
    expect(await store.get(incidentKind, 'INC-2026-000001')).to.equal(undefined);
  });

  it('stands and says so when the channel cannot be told, or none is configured [T7]', async () => {
    const { context } = await createBench();
    const post = async () => {
      throw new OpsError('delivery_failed', 'the channel is gone', { hint: 'x' });
    };
    const failing = await create({ ...context, notify: { ...context.notify, post } });
    const elsewhere = await create({ ...context, notify: { ...context.notify, channels: ['#war-room', '#ops'] } });
    const nowhere = await create({ ...context, notify: { ...context.notify, channels: [] } });

    expect(JSON.stringify(failing.view)).to.include('not sent to #ops: the channel is gone');
    expect(JSON.stringify(elsewhere.view)).to.include('sent to #war-room');
    expect(JSON.stringify(nowhere.view)).to.include('none: no channel is configured');
    const { output } = await run(getIncident, { incident_id: failing.incident.id }, context);
    expect(output.incident).to.deep.equal(failing.incident);
  });

  const bad: [Record<string, string>, RegExp][] = [
    [{ summary: ' x ' }, /summary: at least 3 characters/],
    [{ severity: 'urgent' }, /severity: one of low, medium, high, critical/],
    [{ links: 'http://a.example' }, /links: up to 10 https:\/\/ links/],
    [{ links: 'javascript:alert(1)' }, /links/],
    [{ links: 'https://user:pass@a.example' }, /links/],
    [{ links: 'https://a.example '.repeat(11) }, /links/],
  ];
  for (const [input, words] of bad) {
    it(`refuses ${JSON.stringify(input).slice(0, 50)} and says what is right [T7]`, () => {
      const found = refusals(createIncidentRecord, { summary: 'disk is full', severity: 'low', ...input });

      expect(found.join()).to.match(words);
    });
  }
});
