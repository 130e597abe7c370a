import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Clock } from '../../lib/clock.ts';
import { loadConfig } from '../../lib/config.ts';
import { silentLog } from '../../lib/log.ts';
import { createTelemetry } from '../../lib/telemetry.ts';
import { keepMetrics } from '../../main/keep-metrics.ts';
import { type Installation, install } from '../e2e/opsagent.ts';
import { serveIn } from '../e2e/serving.ts';
import { readEmf } from '../lib/emf-spec.ts';

describe('metrics for CloudWatch', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsagent-emf-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('are written each minute and once more at the stop; a minute that failed is told with the next [A6, O5]', async () => {
    const telemetry = await createTelemetry({ version: '1', mode: 'LOCAL_MOCK' });
    const stopping = new AbortController();
    const waits: number[] = [];
    const warned: string[] = [];
    const path = join(folder, 'later', 'metrics.jsonl');
    const clock: Clock = {
      now: () => 1_780_000_000_000,
      async sleep(ms) {
        waits.push(ms);
        telemetry.auditFailures.inc();
        // The folder is missing for the first two.
        if (waits.length === 3) mkdirSync(join(folder, 'later'));
        if (waits.length === 4) stopping.abort();
      },
    };
    const log = { ...silentLog, warn: (_facts: object, message: string) => void warned.push(message) };
    const config = loadConfig({ METRICS_EMF: path });

    await keepMetrics({ config, clock, log, telemetry }, () => {}, stopping.signal);

    const told = readFileSync(path, 'utf8').trimEnd().split('\n').map(readEmf);
    expect(waits).to.deep.equal([60_000, 60_000, 60_000, 60_000]);
    expect(warned).to.have.length(2);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(told.flatMap(({ metrics }) => metrics.opsagent_audit_failures_total ?? [])).to.deep.equal([3, 1]);
  });

  describe('of a server', function () {
    this.timeout(30_000);
    let house: Installation;

    beforeEach(() => {
      house = install();
    });

    afterEach(() => house.remove());

    it('come out at its stop, on standard output or in the file, with what was asked [A6, O5]', async () => {
      const lines: string[][] = [];

      for (const target of ['stdout', house.path('metrics.jsonl')]) {
        const server = await serveIn(house, { METRICS_EMF: target });
        await server.turn('alice@example.com', { text: 'list ec2 instances' });
        server.signal('SIGTERM');
        const { stdout } = await server.ended;
        const text = target === 'stdout' ? stdout : readFileSync(target, 'utf8');
        lines.push(text.split('\n').filter((line) => line.startsWith('{')));
      }

      const turns = lines.map((some) => some.map(readEmf).flatMap(({ metrics }) => metrics.opsagent_turns_total ?? []));
      expect(turns).to.deep.equal([[1], [1]]);
    });
  });
});
