import { expect } from 'chai';
import fc from 'fast-check';
import { createLimits, networkOf } from '../../../adapters/http/limits.ts';

const take = async (limits: ReturnType<typeof createLimits>, who: string, times: number) => {
  const waits = [];
  for (let time = 0; time < times; time += 1) waits.push(await limits.take(who));
  return waits;
};

describe('limits of calls', () => {
  it('let one principal call 1,000 times at once and not once more; others go on [Q4]', async () => {
    const limits = createLimits();

    const waits = await take(limits, 'service:ci', 1_001);

    expect(waits.slice(0, 1_000).every((wait) => wait === undefined)).to.equal(true);
    expect(waits[1_000]).to.be.within(1, 60);
    expect(await limits.take('alice@example.com')).to.equal(undefined);
  });

  it('let exactly as many through as are left, for any sizes and however calls are mixed [Q4]', async () => {
    const sizes = fc.record({ perMinute: fc.integer({ min: 1, max: 20 }), burst: fc.integer({ min: 1, max: 20 }) });
    const callers = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 120 });

    await fc.assert(
      fc.asyncProperty(sizes, callers, async (size, calls) => {
        const limits = createLimits({ sizes: { ...size, failuresPerMinute: 1 } });
        const through = new Map<string, number>();
        for (const who of calls)
          if ((await limits.take(who)) === undefined) through.set(who, (through.get(who) ?? 0) + 1);
        for (const who of new Set(calls)) {
          const wanted = Math.min(calls.filter((one) => one === who).length, size.perMinute + size.burst);
          expect(through.get(who)).to.equal(wanted);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('make an address wait after so many failed proofs, and no other [Q4]', async () => {
    const limits = createLimits({ sizes: { perMinute: 1, burst: 1, failuresPerMinute: 3 } });
    const waits: unknown[] = [];
    for (let time = 0; time < 3; time += 1) waits.push(await limits.failed('203.0.113.7'));

    expect(waits).to.deep.equal([undefined, undefined, undefined]);
    expect(await limits.failed('203.0.113.7')).to.be.within(1, 60);
    expect(await limits.failed('::ffff:203.0.113.7')).to.be.within(1, 60);
    expect(await limits.failed('203.0.113.8')).to.equal(undefined);
  });

  it('take the 64 bits that one customer has for one address [Q4]', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
    const half = fc.tuple(group, group, group, group).map((groups) => groups.join(':'));

    fc.assert(
      fc.property(half, half, half, (network, host, other) => {
        expect(networkOf(`${network}:${host}`)).to.equal(networkOf(`${network}:${other}`));
      }),
    );
    expect(networkOf('2001:db8::1')).to.equal(networkOf('2001:db8:0:0:9::'));
    expect(networkOf('2001:db8:0:1::1')).not.to.equal(networkOf('2001:db8::1'));
    expect(networkOf('fe80::1%eth0')).to.equal(networkOf('fe80::2'));
    expect(networkOf('::1')).to.equal('0:0:0:0');
  });
});
