import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Lobby, OnTurn } from '../../bot/channel.ts';
import type { Door } from '../http/door.ts';
import type { Reply } from '../http/reply.ts';
import { readMessage, refusal } from './json-rpc.ts';
import type { McpOptions } from './options.ts';
import { refuseForeign } from './own-site.ts';

export interface Mcp {
  readonly doors: readonly Door[];
  /** Before it, everybody is asked to come back in a moment. */
  start(onTurn: OnTurn, lobby: Lobby): void;
}

const PATH = '/mcp';

/**
 * The MCP server at `/mcp`: streamable HTTP without sessions, so that any process behind a load balancer answers any request. It
 * reads and proposes in the name of whoever `admit` lets in; there is no tool that decides (L2).
 */
export function createMcp(options: McpOptions): Mcp {
  let house: { onTurn: OnTurn; lobby: Lobby } | undefined;

  async function post(request: IncomingMessage, response: ServerResponse): Promise<Reply | 'written'> {
    const foreign = refuseForeign(request, options);
    if (foreign) return foreign;
    const who = await options.admit(request, 'mcp');
    if ('refused' in who) return who.refused;
    const body = await readMessage(request);
    if ('refused' in body) return body.refused;
    if (!house) return refusal(503, 'OpsAgent is starting. Ask again in a moment.', { 'retry-after': '1' });
    // The SDK is loaded with the first message: most who start OpsAgent have no MCP client.
    const { serveMessage } = await import('./serve-message.ts');
    return serveMessage(body.message, request, response, { options, speaker: who.speaker, ...house });
  }

  return {
    doors: [
      { method: 'POST', path: PATH, answer: post },
      { method: 'GET', path: PATH, answer: onlyPost },
      { method: 'DELETE', path: PATH, answer: onlyPost },
    ],
    start(onTurn, lobby) {
      house = { onTurn, lobby };
    },
  };
}

/** There is no session to end and nothing that OpsAgent says unasked. */
const onlyPost = async (): Promise<Reply> => refusal(405, 'MCP messages are sent with POST.', { allow: 'POST' });
