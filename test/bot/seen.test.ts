import { expect } from 'chai';
import { firstHearing } from '../../bot/seen.ts';
import { OpsError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import { createHouse, NOON } from '../approvals/house.ts';

const hear = (store: Parameters<typeof firstHearing>[0], id: string, at = NOON) =>
  firstHearing(store, silentLog, id, at);

describe('seen turns', () => {
  it('hears each turn once, to the letter of its id [G8]', async () => {
    const { store } = await createHouse();

    expect(await hear(store, 'web:alice:1')).to.equal(true);
    expect(await hear(store, 'web:alice:1')).to.equal(false);
    expect(await hear(store, 'web:alice:1 ')).to.equal(true);
    expect(await hear(store, 'web:bob:1')).to.equal(true);
  });

  it('hears one of many that come at once [G8]', async () => {
    const { store } = await createHouse();

    const heard = await Promise.all(Array.from({ length: 50 }, () => hear(store, 'same')));

    expect(heard.filter(Boolean)).to.have.length(1);
  });

  it('hears a turn once though its id is no id that a store takes [G8]', async () => {
    const { store } = await createHouse();

    for (const id of ['', 'half \ud800 pair', 'x'.repeat(100_000), '\u0000']) {
      expect(await hear(store, id), JSON.stringify(id.slice(0, 20))).to.equal(true);
      expect(await hear(store, id), JSON.stringify(id.slice(0, 20))).to.equal(false);
    }
  });

  it('goes on when the store does not answer: nothing can be changed without it [A3]', async () => {
    const { store } = await createHouse();
    const broken = {
      ...store,
      transact: async () => {
        throw new OpsError('store_unavailable', 'away', { hint: '' });
      },
    };

    expect(await hear(broken, 'x')).to.equal(true);
  });
});
