import type { IncomingMessage } from 'node:http';
import type { Reply } from './reply.ts';

/**
 * One path of the shared HTTP server that knows its callers by itself, by signature or token: the console's checks of
 * Host and Origin do not apply there. `answer` gets the request with its body unread and must read or refuse it.
 */
export interface Door {
  method: 'GET' | 'POST';
  /** Whole and exact: '/slack/events'. */
  path: string;
  answer(request: IncomingMessage): Promise<Reply>;
}
