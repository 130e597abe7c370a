import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Door } from '../http/door.ts';
import type { Reply } from '../http/reply.ts';

/** Handles a request by writing a response, as Bolt's installer does. */
type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface Installer {
  install: Handle;
  redirected: Handle;
}

/** Where an administrator begins to install the app, and where Slack sends them back to. */
export function installDoors(installer: () => Installer | undefined): Door[] {
  const door = (path: string, which: keyof Installer): Door => ({
    method: 'GET',
    path,
    async answer(request) {
      const handle = installer()?.[which];
      return handle ? capture(request, handle) : { status: 503, body: '' };
    },
  });
  return [door('/slack/install', 'install'), door('/slack/oauth_redirect', 'redirected')];
}

/** What was written to a response that goes nowhere. */
async function capture(request: IncomingMessage, handle: Handle): Promise<Reply> {
  const response = new CapturedResponse(request);
  await handle(request, response);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.getHeaders())) headers[name] = String(value);
  return { status: response.statusCode, body: response.text, headers };
}

class CapturedResponse extends ServerResponse {
  text = '';

  override end(chunk?: unknown): this {
    if (typeof chunk === 'string') this.text += chunk;
    return this;
  }
}
