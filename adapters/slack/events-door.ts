import type { IncomingMessage } from 'node:http';
import type { Door } from '../http/door.ts';
import { readRawBody } from '../http/raw-body.ts';
import { maxBodyBytes } from './incoming.ts';
import { type Receive, untilHeard } from './receive.ts';

const tooLarge = { status: 413, body: '', headers: { connection: 'close', 'x-slack-no-retry': '1' } };
const broken = { status: 400, body: '', headers: { connection: 'close' } };

/** Where Slack sends events, commands, presses and dialogs: one address for all. */
export function eventsDoor(receive: Receive): Door {
  return {
    method: 'POST',
    path: '/slack/events',
    async answer(request) {
      let body: Buffer | undefined;
      try {
        body = await readRawBody(request, maxBodyBytes);
      } catch {
        // The sender went away in the middle; nobody reads this.
        return broken;
      }
      return body === undefined ? tooLarge : receive({ headers: headersOf(request), body }, untilHeard);
    },
  };
}

/** Node keeps one value of some headers that came twice; here both are kept, so that none is chosen silently. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    const value = rawHeaders[index + 1] ?? '';
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}
