import { expect } from 'chai';
import { createRowOrder } from '../../store/row-order.ts';

describe('the order of calls', () => {
  it('keeps calls on one row in their order, and lets others go side by side', async () => {
    const order = createRowOrder();
    const said: string[] = [];
    const gate = Promise.withResolvers<void>();
    const call = (name: string, rows: string[], wait?: Promise<void>) =>
      order.inTurn(rows, async () => {
        said.push(`${name} begins`);
        await wait;
        said.push(`${name} ends`);
      });

    const calls = [call('1', ['a', 'b'], gate.promise), call('2', ['b', 'c']), call('3', ['d']), call('4', ['c'])];
    await calls[2];
    gate.resolve();
    await order.drain();

    expect(said).to.deep.equal([
      ...['1 begins', '3 begins', '3 ends', '1 ends'],
      ...['2 begins', '2 ends', '4 begins', '4 ends'],
    ]);
  });

  it('goes on after a call that failed, and tells its caller alone', async () => {
    const order = createRowOrder();
    const failing = order.inTurn(['a'], async () => {
      throw new Error('no');
    });
    const next = order.inTurn(['a'], async () => 'yes');

    const ends = await Promise.allSettled([failing, next]);

    expect(ends.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled']);
  });
});
