import { expect } from 'chai';
import { createMonitoringDoor } from '../../../adapters/web/monitoring-door.ts';
import { systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';

describe('the door of a worker', () => {
  it('answers monitoring and nothing else [A6]', async () => {
    const door = createMonitoringDoor({
      config: { host: '127.0.0.1', port: 0 },
      ...{ clock: systemClock, log: silentLog },
      health: async () => ({ status: 'ok', version: '1', mode: 'LOCAL_MOCK', dependencies: {} }),
      telemetryText: async () => 'opsagent_turns_total 1\n',
    });
    await door.start();

    const paths = ['/health', '/ready', '/metrics', '/', '/api/session', '/api/turns', '/slack/events'];
    const answers = await Promise.all(paths.map((path) => fetch(door.address() + path)));
    const posted = await fetch(`${door.address()}/health`, { method: 'POST' });
    await door.stop();

    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 404, 404, 404, 404]);
    expect(posted.status).to.equal(404);
  });
});
