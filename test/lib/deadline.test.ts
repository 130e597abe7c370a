import { expect } from 'chai';
import { startDeadline } from '../../lib/deadline.ts';

const aborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => signal.addEventListener('abort', () => resolve(signal.reason), { once: true }));

describe('deadline', () => {
  it('aborts as AbortSignal.timeout does', async () => {
    const { signal } = startDeadline(5);

    const reason = await aborted(signal);

    expect(reason).to.be.instanceOf(DOMException).with.property('name', 'TimeoutError');
  });

  it('aborts with the reason of the outer signal, also of one that is aborted already', async () => {
    const outer = new AbortController();
    const { signal } = startDeadline(60_000, outer.signal);
    const reason = aborted(signal);

    outer.abort('stopping');

    expect(await reason).to.equal('stopping');
    expect(startDeadline(60_000, outer.signal).signal).to.include({ aborted: true, reason: 'stopping' });
  });

  it('aborts nothing once it is over', async () => {
    const outer = new AbortController();
    const { signal, over } = startDeadline(1, outer.signal);

    over();
    outer.abort('stopping');
    await new Promise((resolve) => setTimeout(resolve, 10));

    expect(signal.aborted).to.equal(false);
  });
});
