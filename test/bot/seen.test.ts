import { expect } from 'chai';
import { headKind } from '../../approvals/audit-record.ts';
import { requestOf } from '../../bot/notes.ts';
import { createHearing, firstHearing } from '../../bot/seen.ts';
import type { Turn } from '../../bot/turn.ts';
import { OpsError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import type { Store } from '../../store/store.ts';
import { caller, createHouse, type House, NOON, records } from '../approvals/house.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

const hear = (store: Parameters<typeof firstHearing>[0], id: string, at = NOON) =>
  firstHearing(store, silentLog, { turn: aTurn(id, at), apart: false });

const aTurn = (id: string, at = NOON): Turn => ({
  ...{ id, at, origin: 'message', text: 'help' },
  speaker: { channel: 'web', userId: 'alice@example.com', auth: 'local-switch' },
  conversation: { channel: 'web', id: '@alice' },
});

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

describe('hearing a turn and recording its request', () => {
  const path = temporaryFolder();
  const hearingIn = ({ store, audit }: House) => {
    const { hear } = createHearing({ store, audit, log: silentLog });
    return (id: string) => hear({ turn: aTurn(id), apart: false }, requestOf(aTurn(id), caller('alice')));
  };
  const counted = (store: Store) => {
    const calls = { transact: 0 };
    const through: Store = {
      ...store,
      transact: (...args) => {
        calls.transact += 1;
        return store.transact(...args);
      },
    };
    return { calls, through };
  };

  it('is one commit, and what is repeated costs none [G8, A4]', async () => {
    let calls = { transact: 0 };
    const house = await createHouse({
      through: (inner) => {
        const { calls: its, through } = counted(inner);
        calls = its;
        return through;
      },
    });
    const hear = hearingIn(house);

    const ends = await Promise.all(['one', 'one', 'two', 'one'].map(hear));
    const later = await hear('two');

    expect(ends.map(({ first }) => first)).to.deep.equal([true, false, true, false]);
    expect(later).to.deep.equal({ first: false, recorded: false });
    expect(calls.transact).to.equal(2);
    expect((await records(house)).map(({ type }) => type)).to.deep.equal(['request_received', 'request_received']);
  });

  it('refuses what another process heard, without a second record [G8]', async () => {
    const [here, there] = [await createHouse({ path: path('ops.db') }), await createHouse({ path: path('ops.db') })];

    const ends = await Promise.all([hearingIn(here)('same'), hearingIn(there)('same')]);

    expect(ends.filter(({ first }) => first)).to.have.length(1);
    expect(await records(here)).to.have.length(1);
    await Promise.all([here.store.close(), there.store.close()]);
  });

  it('hears once though nothing can be recorded, and says that it is not [A3, G8]', async () => {
    const house = await createHouse({
      through: (inner) => ({
        ...inner,
        transact: async (writes, options) => {
          if (writes.some(({ kind }) => kind.name === headKind.name))
            throw new OpsError('store_corrupt', 'the chain', { hint: '' });
          return inner.transact(writes, options);
        },
      }),
    });

    const ends = [await hearingIn(house)('x'), await hearingIn(house)('x')];

    expect(ends).to.deep.equal([
      { first: true, recorded: false },
      { first: false, recorded: false },
    ]);
  });
});
