import { ok, type Reply } from '../http/reply.ts';
import type { HealthReport, WebOptions } from './options.ts';
import type { Route } from './route.ts';

type Dependency = HealthReport['dependencies'][string];

const prometheus = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };

/** `/health` says how everything is, `/ready` whether to send people here, `/metrics` the numbers (A6). */
export function monitoringRoutes({ health, telemetryText }: Pick<WebOptions, 'health' | 'telemetryText'>): Route[] {
  const state = async (): Promise<Reply> => {
    const report = await health();
    return { status: report.status === 'down' ? 503 : 200, body: openReport(report) };
  };
  const ready = async (): Promise<Reply> => {
    const { status } = await health();
    return status === 'down' ? { status: 503, body: { ready: false } } : ok({ ready: true });
  };
  const metrics = async (): Promise<Reply> => ({ status: 200, body: await telemetryText(), headers: prometheus });
  return [
    { method: 'GET', path: '/health', open: true, answer: state },
    { method: 'GET', path: '/ready', open: true, answer: ready },
    { method: 'GET', path: '/metrics', open: true, answer: metrics },
  ];
}

/** Anybody on this machine reads it: the words of people and of files (who paused OpsAgent, and why) stay inside. */
function openReport({ dependencies, ...report }: HealthReport): HealthReport {
  const open = Object.entries(dependencies).map(([name, { status }]): [string, Dependency] => [
    name,
    status === 'down' ? { status, detail: 'It does not answer; the log says why.' } : { status },
  ]);
  return { ...report, dependencies: Object.fromEntries(open) };
}
