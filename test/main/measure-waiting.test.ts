import { expect } from 'chai';
import { approvalKind } from '../../approvals/approval.ts';
import { postKind, say } from '../../approvals/outbox.ts';
import { silentLog } from '../../lib/log.ts';
import { createTelemetry } from '../../lib/telemetry.ts';
import { measureWaiting } from '../../main/measure-waiting.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { put, type Store, update } from '../../store/store.ts';
import { at, change, plan } from '../approvals/changes.ts';
import { NOON } from '../approvals/house.ts';
import { movableClock } from '../store/movable-clock.ts';

const MINUTE = 60_000;
const CHANNELS = [{ name: 'web' }, { name: 'slack' }];

describe('what waits, as Prometheus sees it', () => {
  let store: Store;
  const { clock, setNow } = movableClock(NOON);

  beforeEach(async () => {
    setNow(NOON);
    store = await createSqliteStore({ path: ':memory:', clock, log: silentLog });
  });

  const measured = async (log = silentLog): Promise<string[]> => {
    const telemetry = await createTelemetry({ version: '1', mode: 'LOCAL_MOCK' });
    await measureWaiting({ store, clock, log, telemetry }, CHANNELS);
    const text = await telemetry.text();
    return text.split('\n').filter((line) => /^opsagent_(pending|undelivered|oldest)/.test(line));
  };

  const propose = (id: string, ageMs: number, state: 'pending' | 'rejected' = 'pending') => {
    const theirs = { ...plan, change_id: id };
    const row = { ...change(state, { plan: theirs }), created_at: at(NOON - ageMs), token_hash: id };
    return store.transact([put(approvalKind, id, row)]);
  };

  it('counts pending approvals by age, each once, and decided ones not at all [A6, O4]', async () => {
    await propose('chg-1', -2_000);
    await propose('chg-2', 5 * MINUTE - 1);
    await propose('chg-3', 5 * MINUTE);
    await propose('chg-4', 10 * MINUTE - 1);
    await propose('chg-5', 10 * MINUTE);
    await propose('chg-6', 14 * MINUTE);
    await propose('chg-7', 60 * MINUTE);
    await propose('chg-8', 11 * MINUTE, 'rejected');

    const lines = await measured();

    expect(lines).to.include.members([
      'opsagent_pending_approvals{age="under_5m"} 2',
      'opsagent_pending_approvals{age="5m_to_10m"} 2',
      'opsagent_pending_approvals{age="over_10m"} 3',
    ]);
  });

  it('shows the age of the oldest message even after it was tried again, and nothing where all is said [A6, O4]', async () => {
    const view = { kind: 'message', title: 'Done', status: 'good', body: 'rebooted' } as const;
    await store.transact([say('p1', { channel: 'slack', id: 'C1' }, view, NOON - 90_000)]);
    await store.transact([say('p2', { channel: 'slack', id: 'C1' }, view, NOON - 10_000)]);
    const row = await store.get(postKind, 'p1');
    if (row) await store.transact([update(postKind, row, { ...row.value, attempts: 1, due_at: at(NOON + 30_000) })]);

    const lines = await measured();

    expect(lines).to.include.members([
      'opsagent_undelivered_posts{channel="slack"} 2',
      'opsagent_oldest_undelivered_post_seconds{channel="slack"} 90',
      'opsagent_undelivered_posts{channel="web"} 0',
      'opsagent_oldest_undelivered_post_seconds{channel="web"} 0',
      'opsagent_undelivered_posts{channel="webhook"} 0',
    ]);
  });

  it('goes on without the store, and says so in the log [A6]', async () => {
    const said: string[] = [];
    await store.close();

    const lines = await measured({ ...silentLog, warn: (_facts, message) => said.push(message) });

    expect(said).to.deep.equal(['what waits could not be counted']);
    expect(lines).to.deep.equal([]);
  });
});
