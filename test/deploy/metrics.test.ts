import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { createTelemetry } from '../../lib/telemetry.ts';
import { promtool } from '../peers/peers.ts';
import { alerts, inDeploy, metricsIn, panels, readText } from './deployed.ts';

/** Every series that `/metrics` has once something happened. `up` is Prometheus's own. */
async function exposed(): Promise<Set<string>> {
  const text = await (await createTelemetry({ version: '1', mode: 'LOCAL_MOCK' })).text();
  const names = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((ending) => name + ending) : [name],
  );
  return new Set([...names, 'up']);
}

describe('what Prometheus and Grafana are given', () => {
  it('reads the metrics out of an expression, and nothing else', () => {
    const found = metricsIn(
      'sum by (le, a_label) (rate(x_total{job="a b", c!~"d|e"}[5m])) / 1e9 > 0.5 and absent(up) > 3',
    );

    expect(found).to.deep.equal(['x_total', 'up']);
  });

  it('asks only for metrics that /metrics has [O4, A6]', async () => {
    const there = await exposed();

    const asked = [
      ...alerts.map(({ alert, expr }) => ({ by: alert, expr })),
      ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ by: title, expr }))),
    ].map(({ by, expr }) => ({ by, metrics: metricsIn(expr) }));

    expect(asked.filter(({ metrics }) => metrics.length === 0)).to.deep.equal([]);
    expect(asked.filter(({ metrics }) => metrics.some((name) => !there.has(name)))).to.deep.equal([]);
    expect(alerts.length).to.be.greaterThan(10);
    expect(panels.length).to.be.greaterThan(10);
  });

  it('shows every metric of OpsAgent on the dashboard [O4, A6]', async () => {
    const own = [...(await exposed())].filter((name) => name.startsWith('opsagent_') && !/_(sum|count)$/.test(name));

    const shown = new Set(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsIn(expr))));

    expect(own.filter((name) => !shown.has(name))).to.deep.equal([]);
  });

  it('has a section of the runbook, and a test of its own, for every alert, and no others [O4]', () => {
    const sections = [...readText('docs/runbook.md').matchAll(/^## (OpsAgent\w+)$/gm)].map(([, name]) => name);
    const cases = readText('deploy/prometheus/rules.test.yaml');

    const names = alerts.map(({ alert }) => alert);

    expect(sections).to.deep.equal(names);
    for (const { alert, annotations } of alerts) {
      expect(annotations.runbook).to.equal(`docs/runbook.md#${alert.toLowerCase()}`);
      expect(cases).to.include(`name: ${alert} fires`).and.to.include(`name: ${alert} stays quiet`);
    }
  });
});

describe('the alert rules, to Prometheus itself', function () {
  this.timeout(20_000);
  let command: string;

  before(function () {
    command = promtool(this);
  });

  for (const [verb, file] of [
    ['check', 'prometheus/rules.yaml'],
    ['test', 'prometheus/rules.test.yaml'],
  ] as const)
    it(`pass promtool ${verb} rules [O4, A6]`, () => {
      const { status, stdout, stderr } = spawnSync(command, [verb, 'rules', inDeploy(file)], { encoding: 'utf8' });

      expect(status, stdout + stderr).to.equal(0);
      expect(stdout + stderr)
        .to.include('SUCCESS')
        .and.not.to.include('FAILED');
    });
});
