import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ErrorCode, ListToolsRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { Lobby, OnTurn } from '../../bot/channel.ts';
import type { Speaker } from '../../bot/turn.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Reply } from '../http/reply.ts';
import { ask } from './ask.ts';
import { askedBy } from './asked.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { isObject, type RpcMessage } from './json-rpc.ts';
import { listed } from './listed.ts';
import { noteRefused } from './note-refused.ts';
import type { McpOptions } from './options.ts';
import { wrongParameters } from './parameters.ts';
import { refused } from './told.ts';

/** What answers a message: who sent it, and the house behind. */
interface Behind {
  options: Pick<McpOptions, 'catalog' | 'version' | 'note' | 'clock' | 'log'>;
  speaker: Speaker;
  onTurn: OnTurn;
  lobby: Lobby;
}

/**
 * Answers one message by the protocol. A server of its own for each: nothing is kept between two, so that any process may answer
 * the next. An answer is JSON; where the client wants to hear of progress, a stream of events.
 */
export async function serveMessage(
  message: RpcMessage,
  request: IncomingMessage,
  response: ServerResponse,
  behind: Behind,
): Promise<Reply | 'written'> {
  const told = withoutTask(message);
  const wrong = wrongParameters(told);
  if (wrong) return wrong;
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: !wantsProgress(told) });
  const server = createServer(behind);
  server.onerror = (error) => behind.options.log.debug({ error: error.message }, 'an MCP message was not served');
  // A client that goes away calls off nothing: what it asked for ends by itself, and only the answer is dropped.
  response.on('close', () => void server.close());
  response.setHeader('cache-control', 'no-store');
  await server.connect(transport);
  await transport.handleRequest(request, response, told);
  return 'written';
}

function createServer(behind: Behind): Server {
  const { options, speaker, onTurn, lobby } = behind;
  const { catalog, version, clock } = options;
  const server = new Server(
    { name: 'opsagent', title: 'OpsAgent', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS, jsonSchemaValidator: NOTHING_TO_VALIDATE },
  );
  server.setRequestHandler(ListToolsRequestSchema, async ({ params }) => {
    if (params?.cursor !== undefined) throw new McpError(ErrorCode.InvalidParams, 'There is one page; send no cursor.');
    return { tools: await guarded(behind, async () => listed(await lobby.tools(speaker))) };
  });
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { sendNotification }) => {
    const { name: tool, arguments: input = {}, _meta: meta } = params;
    const asked = askedBy(catalog, tool, input);
    if (!asked) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${JSON.stringify(cleanText(tool, 60))}.`);
    if ('wrong' in asked) return asked.wrong;
    if ('breaks' in asked)
      return guarded(behind, async () => {
        const correlation_id = await noteRefused({ ...options, lobby }, speaker, { tool, ...asked.breaks });
        return refused({ ...asked.breaks, correlation_id });
      });
    let lines = 0;
    const progress = (text: string) => {
      const progressToken = meta?.progressToken;
      if (progressToken === undefined) return;
      lines += 1;
      const told = { progressToken, progress: lines, message: cleanText(text, 200) };
      // Never an error to lose: the client may be gone.
      void sendNotification({ method: 'notifications/progress', params: told }).catch(() => undefined);
    };
    return guarded(behind, () => ask({ onTurn, clock, log: options.log }, { speaker, tool, asked, progress }));
  });
  return server;
}

/** The words of a fault of ours stay in the log. */
async function guarded<T>({ options }: Behind, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const { code, message, hint } = asOpsError(thrown);
    options.log.error({ code, err: thrown }, 'an MCP request failed');
    const known =
      code === 'internal' ? 'OpsAgent could not answer because of a fault of its own.' : `${message} ${hint}`;
    throw new McpError(ErrorCode.InternalError, known);
  }
}

/** Nothing is ever asked of a client, so no answer of one is checked; the SDK would make a validator for each server. */
const NOTHING_TO_VALIDATE = {
  getValidator: () => () => ({ valid: false, data: undefined, errorMessage: 'nothing was asked' }) as const,
};

function wantsProgress({ method, params }: RpcMessage): boolean {
  return (
    method === 'tools/call' && isObject(params) && isObject(params._meta) && params._meta.progressToken !== undefined
  );
}

/** A server without tasks ignores that a request wants to be one; the SDK would call that a fault, after the call was made. */
function withoutTask(message: RpcMessage): RpcMessage {
  if (!isObject(message.params)) return message;
  const { task: _, ...params } = message.params;
  return { ...message, params };
}
