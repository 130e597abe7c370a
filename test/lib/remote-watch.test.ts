import { expect } from 'chai';
import { OpsError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import { watchParameters } from '../../lib/remote-watch.ts';
import { joinYaml } from '../../lib/remote-yaml.ts';
import { movableClock } from '../store/movable-clock.ts';
import { denied, handMadeRemote, invalid, throttled } from './hand-made-remote.ts';

const NAME = '/opsagent/policy';
const MINUTE = 60_000;

describe('a value in Parameter Store', () => {
  async function watch(text = 'a: 1') {
    const remote = handMadeRemote();
    remote.put(NAME, text);
    const { clock, setNow } = movableClock(0);
    const watched = await watchParameters({
      ...{ key: 'POLICY_SSM', nameOrPath: NAME, read: joinYaml, remote, clock, log: silentLog },
    });
    return { remote, watched, setNow };
  }

  it('changes without a restart [G2, O3]', async () => {
    const { remote, watched } = await watch();
    remote.put(NAME, 'a: 2');
    const before = watched.now();

    await watched.refresh();

    expect(before).to.deep.equal({ state: 'fresh', value: { a: 1 } });
    expect(watched.now()).to.deep.equal({ state: 'fresh', value: { a: 2 } });
  });

  for (const fault of [throttled, denied])
    it(`is trusted for five minutes while AWS says ${fault.code}, then stale with the reason, then fresh again [G2, O3]`, async () => {
      const { remote, watched, setNow } = await watch();
      remote.fault = fault;

      setNow(5 * MINUTE);
      await watched.refresh();
      const inTime = watched.now();
      setNow(5 * MINUTE + 1);
      const late = watched.now();
      remote.fault = undefined;
      await watched.refresh();

      expect(inTime.state).to.equal('fresh');
      expect(late).to.deep.equal({
        ...{ state: 'stale', value: { a: 1 } },
        problem: `${NAME} was not read for more than 5 minutes: ${NAME}: ${fault.message}`,
      });
      expect(watched.now().state).to.equal('fresh');
    });

  it('is stale at once when it is gone or wrong, and stays so while it cannot be read either [G2]', async () => {
    const { remote, watched } = await watch();
    remote.put(NAME, 'a: [unclosed\nsecret: hunter2');
    await watched.refresh();
    const wrong = watched.now();
    remote.kept.clear();
    await watched.refresh();
    const gone = watched.now();
    remote.fault = throttled;

    await watched.refresh();

    expect(wrong)
      .to.include({ state: 'stale' })
      .and.to.deep.include({ value: { a: 1 } });
    expect(wrong)
      .to.have.property('problem')
      .that.matches(/^\/opsagent\/policy: .* line 2, column 1$/)
      .and.not.includes('hunter2');
    expect(gone).to.include({ state: 'stale', problem: `${NAME} is not there` });
    expect(watched.now()).to.include({ state: 'stale', problem: `${NAME}: ${throttled.message}` });
  });

  it('is stale when the clock is moved by more than five minutes either way, until the next reading [G2]', async () => {
    const { watched, setNow } = await watch();

    const states = [];
    for (const now of [-5 * MINUTE - 1, 365 * 24 * 60 * MINUTE]) {
      setNow(now);
      states.push(watched.now().state);
      await watched.refresh();
      states.push(watched.now().state);
    }

    expect(states).to.deep.equal(['stale', 'fresh', 'stale', 'fresh']);
  });

  it('is stale after six readings that failed, even when the clock stands still [G2]', async () => {
    const { remote, watched } = await watch();
    remote.fault = throttled;

    const states = [];
    for (let reading = 1; reading <= 6; reading += 1) {
      await watched.refresh();
      states.push(watched.now().state);
    }

    expect(states).to.deep.equal([...Array(5).fill('fresh'), 'stale']);
  });

  it('is stale at once when AWS says that it is gone [G2]', async () => {
    const { remote, watched } = await watch();
    remote.kept.clear();

    await watched.refresh();

    expect(watched.now()).to.deep.equal({ state: 'stale', value: { a: 1 }, problem: `${NAME} is not there` });
  });

  it('is stale at once when AWS says that what was asked for cannot be [G2]', async () => {
    const { remote, watched } = await watch();
    remote.fault = invalid;

    await watched.refresh();

    expect(watched.now()).to.deep.equal({
      ...{ state: 'stale', value: { a: 1 } },
      problem: `${NAME}: ${invalid.message}`,
    });
  });

  it('is not stale however many readings failed, when none of them failed after another [G2]', async () => {
    const { remote, watched } = await watch();

    const states = [];
    for (let round = 1; round <= 6; round += 1) {
      remote.fault = throttled;
      await watched.refresh();
      states.push(watched.now().state);
      remote.fault = undefined;
      await watched.refresh();
      states.push(watched.now().state);
    }

    expect(states).to.deep.equal(Array(12).fill('fresh'));
  });

  it('reads once more for all who ask while a reading is under way, and no older answer comes last [G2]', async () => {
    const { remote, watched } = await watch();
    const { parameters } = remote;
    const readings: (() => void)[] = [];
    remote.parameters = async (name) => {
      const found = await parameters(name);
      await new Promise<void>((resolve) => readings.push(resolve));
      return found;
    };
    const underWay = watched.refresh();
    await new Promise(setImmediate);
    remote.put(NAME, 'a: 2');
    const later = [watched.refresh(), watched.refresh(), watched.refresh()];
    await new Promise(setImmediate);
    const together = readings.length;

    readings[0]?.();
    await underWay;
    await new Promise(setImmediate);
    readings[1]?.();
    await Promise.all(later);

    expect([together, readings.length]).to.deep.equal([1, 2]);
    expect(watched.now().value).to.deep.equal({ a: 2 });
  });

  it('is needed at start: the key, the parameter and the repair are named [O3]', async () => {
    const cases = [
      { text: 'a: 1', fault: denied, said: /POLICY_SSM is "\/opsagent\/policy": .*not authorized.*Allow ssm:Get/ },
      { text: '- list', fault: undefined, said: /POLICY_SSM is "\/opsagent\/policy": .*no YAML mapping/ },
    ];
    for (const { text, fault, said } of cases) {
      const remote = handMadeRemote();
      remote.put(NAME, text);
      remote.fault = fault;
      const { clock } = movableClock(0);

      const error = await watchParameters({
        ...{ key: 'POLICY_SSM', nameOrPath: NAME, read: joinYaml, remote, clock, log: silentLog },
      }).then(
        () => undefined,
        (thrown) => thrown,
      );

      expect(error).to.be.instanceOf(OpsError).and.have.property('code', 'config_invalid');
      expect(error.message).to.match(said);
    }
  });
});
