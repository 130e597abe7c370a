import { expect } from 'chai';
import { pauseWrite } from '../../approvals/pause.ts';
import { defaultSettings } from '../../approvals/settings.ts';
import { loadConfig } from '../../lib/config.ts';
import { OpsError } from '../../lib/errors.ts';
import type { Watched } from '../../lib/watched-file.ts';
import { health } from '../../main/health.ts';
import type { Live } from '../../store/live/live.ts';
import type { Store } from '../../store/store.ts';
import { createHouse } from '../approvals/house.ts';

const fresh = <T>(value: T): Watched<T> => ({ state: 'fresh', value });
const stale = <T>(value: T): Watched<T> => ({ state: 'stale', value, problem: 'policy.yaml: limits: wrong' });

const ask = (
  store: Store,
  settings = fresh(defaultSettings),
  live?: Pick<Live, 'state'>,
  services: Watched<unknown> = fresh([]),
  trouble?: string,
) =>
  health({
    live,
    store,
    config: loadConfig({}),
    settings: () => settings,
    peopleState: () => fresh([]),
    services: () => services,
    trail: { behind: () => undefined },
    trouble: () => trouble,
  });

describe('health', () => {
  it('is ok, with version, mode and each dependency, when everything answers [A6]', async () => {
    const { store } = await createHouse();

    const report = await ask(store);

    expect(report).to.deep.include({ status: 'ok', mode: 'LOCAL_MOCK' });
    expect(report.version).to.match(/^\d+\.\d+\.\d+/);
    expect(report.dependencies).to.deep.equal({
      store: { status: 'ok' },
      policy: { status: 'ok' },
      people: { status: 'ok' },
    });
  });

  it('is down when the store does not answer: nothing can be changed then [A6, A3]', async () => {
    const { store } = await createHouse();
    const away = new OpsError('store_unavailable', 'the disk is away', { hint: '' });

    const report = await ask({ ...store, get: () => Promise.reject(away) });

    expect(report.status).to.equal('down');
    expect(report.dependencies.store).to.deep.equal({ status: 'down', detail: 'the disk is away' });
  });

  it('is degraded and never down while Redis is lost, and does not name it where there is none [A6, O5]', async () => {
    const { store } = await createHouse();
    const states = ['alone', 'connected', 'lost'] as const;

    const reports = await Promise.all(
      states.map((state) => ask(store, fresh(defaultSettings), { state: () => state })),
    );

    expect(reports.map(({ status }) => status)).to.deep.equal(['ok', 'ok', 'degraded']);
    expect(reports.map(({ dependencies }) => dependencies.redis?.status)).to.deep.equal([undefined, 'ok', 'degraded']);
  });

  it('is degraded while the file of API keys cannot be read: a key that was taken out still counts [A6, Q3]', async () => {
    const { store } = await createHouse();
    const keys: Watched<unknown> = { state: 'stale', value: [], problem: 'keys.yaml: there is no such file' };

    const report = await ask(store, undefined, undefined, keys);

    expect(report.status).to.equal('degraded');
    expect(report.dependencies.api_keys).to.deep.equal({ status: 'degraded', detail: keys.problem });
  });

  it('is degraded while a rules file cannot be read, or somebody paused all changes [A6, G9]', async () => {
    const { store, clock } = await createHouse();

    const unread = await ask(store, stale(defaultSettings));
    const pause = await pauseWrite(store, { by: 'Bob', at: new Date(clock.now()).toISOString(), reason: 'incident' });
    await store.transact(pause ? [pause] : []);
    const paused = await ask(store);

    expect([unread.status, paused.status]).to.deep.equal(['degraded', 'degraded']);
    expect(unread.dependencies.policy?.detail).to.include('policy.yaml');
    expect(paused.dependencies.store?.detail).to.include('paused by Bob');
  });

  it('is degraded while the policy pauses every change, or this process lets none run [A6, G9, G10]', async () => {
    const { store } = await createHouse();

    const byPolicy = await ask(store, fresh({ ...defaultSettings, changes: 'paused' as const }));
    const held = await ask(store, undefined, undefined, undefined, 'The outcome of chg-1 could not be recorded yet.');

    expect([byPolicy.status, held.status]).to.deep.equal(['degraded', 'degraded']);
    expect(byPolicy.dependencies.policy?.detail).to.include('changes: paused');
    expect(held.dependencies.changes?.detail).to.include('chg-1');
  });
});
