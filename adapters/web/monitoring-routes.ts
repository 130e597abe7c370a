import type { IncomingMessage } from 'node:http';
import { ok, problem, type Reply } from '../http/reply.ts';
import type { HealthReport, WebOptions } from './options.ts';
import type { OpenCall, Route } from './route.ts';

type Dependency = HealthReport['dependencies'][string];

const prometheus = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };

/** `/health` says how everything is, `/ready` whether to send people here, `/metrics` the numbers (A6). */
export function monitoringRoutes({ health, telemetryText }: Pick<WebOptions, 'health' | 'telemetryText'>): Route[] {
  const state = async ({ request }: OpenCall): Promise<Reply> => {
    const report = await health();
    const body = isOfThisMachine(request) ? openReport(report) : { status: report.status };
    return { status: report.status === 'down' ? 503 : 200, body };
  };
  const ready = async (): Promise<Reply> => {
    const { status } = await health();
    return status === 'down' ? { status: 503, body: { ready: false } } : ok({ ready: true });
  };
  const metrics = async ({ request }: OpenCall): Promise<Reply> =>
    isOfThisMachine(request) ? { status: 200, body: await telemetryText(), headers: prometheus } : notFromElsewhere();
  return [
    { method: 'GET', path: '/health', open: true, answer: state },
    { method: 'GET', path: '/ready', open: true, answer: ready },
    { method: 'GET', path: '/metrics', open: true, answer: metrics },
  ];
}

/** What a load balancer asks, by whatever name it knows this machine. */
export const isProbe = (path: string): boolean => path === '/health' || path === '/ready' || path === '/metrics';

/**
 * Asked by a program on this machine, for this machine: a proxy beside it passes on the name that people asked for. The numbers and
 * the dependencies are for no one else.
 */
function isOfThisMachine({ socket, headers }: IncomingMessage): boolean {
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const asked = (headers.host ?? '').toLowerCase().replace(/:\d+$/, '');
  return (peer === '::1' || peer.startsWith('127.')) && ['localhost', '127.0.0.1', '[::1]'].includes(asked);
}

const notFromElsewhere = (): Reply =>
  problem(404, {
    code: 'not_found',
    message: 'The metrics are read on the machine itself.',
    hint: 'Let a collector beside OpsAgent read http://localhost:<PORT>/metrics, or set METRICS_EMF.',
  });

/** Anybody on this machine reads it: the words of people and of files (who paused OpsAgent, and why) stay inside. */
function openReport({ dependencies, ...report }: HealthReport): HealthReport {
  const open = Object.entries(dependencies).map(([name, { status }]): [string, Dependency] => [
    name,
    status === 'down' ? { status, detail: 'It does not answer; the log says why.' } : { status },
  ]);
  return { ...report, dependencies: Object.fromEntries(open) };
}
