import { expect } from 'chai';
import type { Clock } from '../../lib/clock.ts';
import { loadConfig } from '../../lib/config.ts';
import { keepFresh, refreshOnHangUp } from '../../main/keep-fresh.ts';

describe('what is kept in Parameter Store', () => {
  /** A house that stops after some readings, and what it waited for between them. */
  function observed(env: Record<string, string>, most: number, references: Record<string, string> = {}) {
    const stopping = new AbortController();
    const seen = { readings: 0, waits: [] as number[] };
    const clock: Clock = { now: () => 0, sleep: async (ms) => void seen.waits.push(ms) };
    const refresh = async () => {
      seen.readings += 1;
      if (seen.readings === most) stopping.abort();
    };
    return { house: { config: loadConfig(env, references), clock, refresh }, stopping, seen };
  }

  for (const key of ['PEOPLE_SSM', 'POLICY_SSM'])
    it(`is read again each minute where ${key} is set, until the process stops [G2, O3]`, async () => {
      const { house, stopping, seen } = observed({ [key]: '/opsagent/one' }, 3);

      await keepFresh(house, stopping.signal);

      expect(seen).to.deep.equal({ readings: 3, waits: [60_000, 60_000, 60_000] });
    });

  it('is read again each minute where nothing but a secret is [O3]', async () => {
    const { house, stopping, seen } = observed({}, 3, { SLACK_BOT_TOKEN: 'ssm:/opsagent/bot' });

    await keepFresh(house, stopping.signal);

    expect(seen).to.deep.equal({ readings: 3, waits: [60_000, 60_000, 60_000] });
  });

  it('is not read after the stop, and never where nothing is kept there [G2, O5]', async () => {
    const files = observed({}, 1);
    const stopped = observed({ PEOPLE_SSM: '/opsagent/one' }, 1);
    stopped.house.clock.sleep = async () => stopped.stopping.abort();

    await keepFresh(files.house, files.stopping.signal);
    await keepFresh(stopped.house, stopped.stopping.signal);

    expect([files.seen.readings, stopped.seen.readings]).to.deep.equal([0, 0]);
  });

  it('is read at once on SIGHUP, which is left alone otherwise and given back at the stop [G2, O5]', () => {
    const before = process.listenerCount('SIGHUP');
    const files = observed({}, 1);
    const { house, stopping, seen } = observed({ PEOPLE_SSM: '/opsagent/one' }, 0);

    refreshOnHangUp(files.house, files.stopping.signal);
    const withFiles = process.listenerCount('SIGHUP');
    refreshOnHangUp(house, stopping.signal);
    process.emit('SIGHUP');
    stopping.abort();

    expect(seen.readings).to.equal(1);
    expect([withFiles, process.listenerCount('SIGHUP')]).to.deep.equal([before, before]);
  });
});
