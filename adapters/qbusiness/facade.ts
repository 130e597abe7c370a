import type { OnTurn } from '../../bot/channel.ts';
import type { Tool } from '../../tools/tool.ts';
import type { Door } from '../http/door.ts';
import { ok, replyToError } from '../http/reply.ts';
import { readEnvelope } from './envelope.ts';
import { flatOperations } from './flat-operations.ts';
import { PLACES } from './operations.ts';
import type { FacadeOptions } from './options.ts';
import { asProblem, wrongCall } from './problem.ts';
import { type Path, takeCall } from './take-call.ts';

/** REST: paths of the shared server, each of which turns a call into a turn like any other (Q1, Q2). */
export interface Facade {
  doors: readonly Door[];
  /** Before it nothing is answered. */
  start(onTurn: OnTurn): void;
}

export function createFacade(options: FacadeOptions): Facade {
  let onTurn: OnTurn | undefined;
  const tools = new Map(options.catalog.map((tool) => [tool.name, tool]));
  const paths = pathsOf(options.catalog, tools);
  const doors = paths.map(
    (path): Door => ({
      method: path.method,
      path: path.path,
      answer: async (request) => {
        try {
          if (!onTurn) return wrongCall(503, 'internal', 'OpsAgent is starting.', 'Try again in a few seconds.');
          return asProblem(await takeCall(options, onTurn, path, request));
        } catch (thrown) {
          return asProblem(replyToError(thrown, options.log));
        }
      },
    }),
  );
  const document: Door = {
    ...{ method: 'GET', path: '/openapi.json' },
    answer: async ({ socket }) => ok(await options.document(socket.localPort ?? 0)),
  };
  return {
    doors: [...doors, ...paths.map(wrongMethod), document],
    start: (heard) => {
      onTurn = heard;
    },
  };
}

function pathsOf(catalog: readonly Tool[], tools: ReadonlyMap<string, Tool>): Path[] {
  const general = PLACES.map(
    (place): Path => ({
      ...{ method: 'POST', path: `/operations/${place}`, details: 'object' },
      read: (values) => readEnvelope(place, tools, values),
    }),
  );
  const flat = flatOperations(catalog).map(
    ({ method, path, read }): Path => ({
      ...{ method, path, details: 'text' },
      read,
    }),
  );
  return [...general, ...flat];
}

/** Without it the console would answer, which knows these paths as little as whoever guessed. */
function wrongMethod({ method, path }: Path): Door {
  const hint = `Send it with ${method}; /openapi.json has every path of the document.`;
  return {
    ...{ method: method === 'GET' ? 'POST' : 'GET', path },
    async answer() {
      const refused = wrongCall(405, 'input_invalid', `${path} takes ${method}.`, hint);
      return { ...refused, headers: { ...refused.headers, allow: method } };
    },
  };
}
