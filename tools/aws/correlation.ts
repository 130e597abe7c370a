import { AsyncLocalStorage } from 'node:async_hooks';
import { z } from 'zod';

const current = new AsyncLocalStorage<string>();

/** Runs an SDK call so that its request names the turn it was made for. */
export const withCorrelation = <T>(correlationId: string, call: () => Promise<T>): Promise<T> =>
  current.run(correlationId, call);

const Carrying = z.looseObject({ headers: z.record(z.string(), z.string()) });

interface Client {
  middlewareStack: {
    add(
      middleware: (
        next: (args: { request: unknown }) => Promise<never>,
      ) => (args: { request: unknown }) => Promise<never>,
      options: { step: 'finalizeRequest'; name: string },
    ): void;
  };
}

/**
 * The correlation id at the end of the user agent, which CloudTrail keeps with each event (A1).
 * Clients are shared by all turns, so the id comes from the running call and not from the client.
 */
export function nameTheTurn(client: Client): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const id = current.getStore();
      const { success } = Carrying.safeParse(args.request);
      if (id !== undefined && success) appendTo((args.request as z.output<typeof Carrying>).headers, id);
      return next(args);
    },
    { step: 'finalizeRequest', name: 'opsagentCorrelation' },
  );
}

function appendTo(headers: Record<string, string>, id: string): void {
  const agent = headers['user-agent'] ?? '';
  const mark = `opsagent/${id}`;
  if (!agent.includes(mark)) headers['user-agent'] = `${agent} ${mark}`.trim();
}
