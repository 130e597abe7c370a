import { expect } from 'chai';
import { systemClock } from '../../lib/clock.ts';

describe('the clock of the machine', () => {
  const reason = new Error('no longer wanted');
  const end = (work: Promise<void>) => work.then(() => 'slept').catch((thrown: unknown) => thrown);

  it('sleeps as long as it is told, with a signal or without', async () => {
    const began = performance.now();
    await systemClock.sleep(20);
    await systemClock.sleep(20, new AbortController().signal);

    expect(performance.now() - began).to.be.within(38, 2_000);
  });

  it('is woken with the reason of its signal, also of one that was aborted before', async () => {
    const later = new AbortController();
    const sleeping = end(systemClock.sleep(60_000, later.signal));
    later.abort(reason);

    expect(await sleeping).to.equal(reason);
    expect(await end(systemClock.sleep(60_000, AbortSignal.abort(reason)))).to.equal(reason);
  });

  it('leaves nothing on a signal that outlives the sleep', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const counted = new Proxy(signal, {
      get(target, name) {
        if (name === 'addEventListener') listeners += 1;
        if (name === 'removeEventListener') listeners -= 1;
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await systemClock.sleep(1, counted);

    expect(listeners).to.equal(0);
  });
});
