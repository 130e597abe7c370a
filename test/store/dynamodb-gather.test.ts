import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { gather } from '../../store/dynamodb-gather.ts';

/** Answers with a row for each key but 'none', when it is told to. */
function recorded() {
  const fetched: string[][] = [];
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  const rowAt = gather(async (keys) => {
    fetched.push([...keys]);
    await promise;
    return new Map(keys.filter((key) => key !== 'none').map((key) => [key, `row ${key}`]));
  });
  return { fetched, answer, rowAt };
}

describe('rows of a table that are asked for together', () => {
  it('are fetched at once, each key once', async () => {
    const { fetched, answer, rowAt } = recorded();
    const asked = ['a', 'b', 'a', 'none'].map(rowAt);
    answer();

    expect(await Promise.all(asked)).to.deep.equal(['row a', 'row b', 'row a', undefined]);
    expect(fetched).to.deep.equal([['a', 'b', 'none']]);
  });

  it('do not wait for a fetch that has begun, and are not answered from it', async () => {
    const { fetched, answer, rowAt } = recorded();
    const before = rowAt('a');
    await nextTurn();
    const after = rowAt('a');
    await nextTurn();
    answer();

    expect(await Promise.all([before, after])).to.deep.equal(['row a', 'row a']);
    expect(fetched).to.deep.equal([['a'], ['a']]);
  });

  it('all hear of a failure, and the next are fetched again', async () => {
    let tries = 0;
    const rowAt = gather<string>(async () => {
      tries += 1;
      if (tries === 1) throw new Error('the table is away');
      return new Map([['a', 'row a']]);
    });
    const failed = await Promise.allSettled(['a', 'b'].map(rowAt));

    expect(failed.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(await rowAt('a')).to.equal('row a');
  });
});
