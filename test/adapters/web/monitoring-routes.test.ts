import { expect } from 'chai';
import { startWeb } from './web-harness.ts';

describe('web monitoring', () => {
  it('answers health, readiness and metrics to anybody on this machine [A6]', async () => {
    const house = await startWeb();

    const [health, ready, metrics] = await Promise.all(
      ['/health', '/ready', '/metrics'].map((path) => house.send({ path })),
    );

    expect(health?.status).to.equal(200);
    expect(health?.json).to.deep.equal({ status: 'ok', version: '0.1.0', mode: 'LOCAL_MOCK', dependencies: {} });
    expect(ready?.json).to.deep.equal({ ready: true });
    expect(metrics?.headers['content-type']).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(metrics?.text).to.contain('opsagent_turns_total 1');
    await house.close();
  });

  it('says how each dependency is, and nothing that people or files said [A6]', async () => {
    const house = await startWeb({
      health: 'down',
      dependencies: {
        store: { status: 'down', detail: 'SQLITE_IOERR in /var/lib' },
        people: { status: 'ok' },
        policy: { status: 'degraded', detail: 'Paused by alice@example.com: payday' },
      },
    });

    const { json } = await house.send({ path: '/health' });

    expect(json.dependencies).to.deep.equal({
      store: { status: 'down', detail: 'It does not answer; the log says why.' },
      people: { status: 'ok' },
      policy: { status: 'degraded' },
    });
    await house.close();
  });

  it('stays in service when degraded and leaves it when down [A6]', async () => {
    const degraded = await startWeb({ health: 'degraded' });
    const down = await startWeb({ health: 'down' });
    const statuses = (house: typeof down) =>
      Promise.all(['/health', '/ready'].map(async (path) => (await house.send({ path })).status));

    const answers = [await statuses(degraded), await statuses(down)];

    expect(answers).to.deep.equal([
      [200, 200],
      [503, 503],
    ]);
    await degraded.close();
    await down.close();
  });
});
