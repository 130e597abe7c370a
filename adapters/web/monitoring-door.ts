import { problem } from '../http/reply.ts';
import { createHttpServer } from '../http/server.ts';
import { monitoringRoutes } from './monitoring-routes.ts';
import type { WebOptions } from './options.ts';
import { refuseForeignHost } from './security.ts';

type Options = Pick<WebOptions, 'clock' | 'log' | 'health' | 'telemetryText'> & {
  config: Pick<WebOptions['config'], 'host' | 'port'>;
};

/** For a process that nobody speaks to: `/health`, `/ready` and `/metrics` on loopback, and nothing else. */
export function createMonitoringDoor(options: Options) {
  const { config, clock, log } = options;
  const answers = new Map(
    monitoringRoutes(options).flatMap((route) => ('open' in route ? [[route.path, route.answer] as const] : [])),
  );
  const server = createHttpServer(
    async (request) => {
      const foreign = refuseForeignHost(request, server.port());
      if (foreign) return foreign;
      const answer = request.method === 'GET' ? answers.get(request.url ?? '') : undefined;
      return answer ? answer() : nothingHere;
    },
    clock,
    log,
  );
  return {
    /** @throws OpsError `config_invalid` when the host is not loopback or the port cannot be had */
    start: () => server.listen(config.host, config.port),
    stop: () => server.close(),
    address: () => server.address(),
  };
}

const nothingHere = problem(404, {
  code: 'not_found',
  message: 'There is nothing at this address.',
  hint: 'This process is a worker: it answers /health, /ready and /metrics. People speak to one with ROLE=web or ROLE=all.',
});
