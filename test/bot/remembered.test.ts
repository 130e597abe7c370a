import { expect } from 'chai';
import type { Caller } from '../../approvals/call.ts';
import { exchangeOf } from '../../bot/remembered.ts';
import type { Turn } from '../../bot/turn.ts';
import type { View } from '../../cards/view.ts';

const turn = { text: 'help', at: 1_000 } as Turn;
const caller = { person: { name: 'Alice' } } as Caller;
const table: View = { kind: 'table', title: 'Instances', columns: [], rows: [], empty: 'There are none.' };

describe('what is remembered of a turn', () => {
  it('keeps a card that was shown, as data [L1, L3]', () => {
    const { shown } = exchangeOf(turn, caller, { outcome: 'done', view: table });

    expect(shown.map(({ source }) => source)).to.deep.equal(['Instances']);
  });

  it('leaves out what OpsAgent can do, which the model is told with its tools [L1, L6]', () => {
    const help: View = { kind: 'help', title: 'Help', body: 'long', commands: [] };
    const menu: View = { kind: 'menu', title: 'Not understood', body: 'long', examples: [] };

    for (const view of [help, menu])
      expect(exchangeOf(turn, caller, { outcome: 'answer', view })).to.deep.include({ said: 'help', shown: [] });
  });
});
