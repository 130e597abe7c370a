import { expect } from 'chai';
import { createIdentity } from '../../bot/identity.ts';
import { createLobby } from '../../bot/lobby.ts';
import type { Speaker } from '../../bot/turn.ts';
import type { Action, TableView, View } from '../../cards/view.ts';
import { catalog } from '../../tools/catalog.ts';
import { approveAll, CALLS, createHouse, decide, propose } from '../approvals/house.ts';

const speaker = (who: string): Speaker => ({ channel: 'web', userId: `${who}@example.com`, auth: 'local-switch' });

async function open() {
  const house = await createHouse();
  const identity = createIdentity({ ...house.parts, channels: new Map() });
  const health = async () => ({ status: 'good' as const, words: 'Everything answers.' });
  return { house, lobby: createLobby({ ...house, catalog, identity, health }) };
}

const labels = (actions: readonly Action[] | undefined) => actions?.map(({ label }) => label);
const tables = (views: readonly View[]) => views.filter((view): view is TableView => view.kind === 'table');
const ids = (table: TableView | undefined) => table?.rows.map(([id]) => id);

describe('the lobby', () => {
  it('shows what waits for a person, what is theirs, what happened lately and how things are [G15, C1]', async () => {
    const { house, lobby } = await open();
    const done = await propose(house, CALLS.low);
    await approveAll(house, done.id, 'bob');
    const high = await propose(house, CALLS.high);

    const alice = await lobby.home(speaker('alice'));
    const bob = await lobby.home(speaker('bob'));

    expect(tables(alice).slice(0, 2).map(ids)).to.deep.equal([[], [high.id]]);
    expect(tables(bob).slice(0, 2).map(ids)).to.deep.equal([[high.id], []]);
    expect(tables(bob)[2]?.rows[0]?.[0]).to.match(/^Scale ECS service main.cart/);
    expect(bob.at(-1)).to.include({ kind: 'message', body: 'Everything answers.' });
  });

  it('knows what a person may use, and that a stranger may use nothing [G2, Q5]', async () => {
    const { lobby } = await open();

    const [bob, carol, mallory] = await Promise.all(
      ['bob', 'carol', 'mallory'].map((who) => lobby.tools(speaker(who))),
    );

    expect(bob).to.deep.equal(catalog);
    expect(carol).to.deep.equal(catalog.filter(({ effect }) => effect === 'read'));
    expect(mallory).to.deep.equal([]);
  });

  it('shows a stranger why they see nothing [G2]', async () => {
    const { lobby } = await open();

    const [view, ...more] = await lobby.home(speaker('mallory'));

    expect(view).to.include({ kind: 'refusal', rule: 'allow-list' });
    expect(more).to.deep.equal([]);
    expect(await lobby.card(speaker('mallory'), 'chg-0123456789ab')).to.equal(undefined);
  });

  it('gives live buttons to those who may decide, and to nobody else [C8]', async () => {
    const { house, lobby } = await open();
    const { id } = await propose(house, CALLS.high);

    const seen = await Promise.all(
      ['alice', 'bob', 'carol'].map(async (who) => labels((await lobby.card(speaker(who), id))?.actions)),
    );

    expect(seen).to.deep.equal([['Cancel my request', 'Details'], ['Approve', 'Reject', 'Details'], ['Details']]);
  });

  it('takes the Approve button from somebody who has approved already [C8, G4]', async () => {
    const { house, lobby } = await open();
    const { id } = await propose(house, CALLS.high);
    await decide(house, 'bob', id);

    const card = await lobby.card(speaker('bob'), id);

    expect(labels(card?.actions)).to.deep.equal(['Reject', 'Details']);
  });
});
