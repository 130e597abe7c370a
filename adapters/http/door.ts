import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reply } from './reply.ts';

/**
 * One path of the shared HTTP server that knows its callers by itself, by signature or token: the console's checks of
 * Host and Origin do not apply there. `answer` gets the request with its body unread and must read or refuse it.
 */
export interface Door {
  method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS';
  /** Whole and exact: '/slack/events'. */
  path: string;
  /** 'written' when the door has written its answer into `response` itself. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<Reply | 'written'>;
}
