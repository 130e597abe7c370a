import { refuseForeignHost } from '../http/own-site.ts';
import { createPlace } from '../http/place.ts';
import { problem } from '../http/reply.ts';
import { type Reach, thisMachine } from '../http/security.ts';
import { createHttpServer } from '../http/server.ts';
import { monitoringRoutes } from './monitoring-routes.ts';
import type { WebOptions } from './options.ts';

type Options = Pick<WebOptions, 'clock' | 'log' | 'health' | 'telemetryText'> & {
  config: Pick<WebOptions['config'], 'host' | 'port'>;
  /** Absent: loopback only. */
  reach?: Reach;
};

/** For a process that nobody speaks to: `/health`, `/ready` and `/metrics`, and nothing else. */
export function createMonitoringDoor(options: Options) {
  const { config, clock, log, reach = thisMachine } = options;
  const answers = new Map(
    monitoringRoutes(options).flatMap((route) => (route.open ? [[route.path, route.answer] as const] : [])),
  );
  const place = createPlace({ signIn: false }, () => server.port());
  const server = createHttpServer(
    async (request) => {
      const foreign = reach.listens === 'machine' ? refuseForeignHost(request, place) : undefined;
      if (foreign) return foreign;
      const answer = request.method === 'GET' ? answers.get(request.url ?? '') : undefined;
      return answer ? answer({ request, url: new URL(place.base()), parameters: {} }) : nothingHere;
    },
    clock,
    log,
    reach,
  );
  return {
    /** @throws OpsError `config_invalid` when the host is beyond its reach or the port cannot be had */
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
