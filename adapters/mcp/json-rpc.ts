import type { IncomingMessage } from 'node:http';
import { readJsonBody } from '../http/json-body.ts';
import type { Reply } from '../http/reply.ts';

/** One message as it came: an object, and no more is known of it. */
export type RpcMessage = Readonly<Record<string, unknown>>;

/** Of JSON-RPC 2.0, and MCP's own for what HTTP refuses. */
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const REFUSED = -32_000;

/** The capabilities of a client are nested seven deep. */
const DEEPEST = 16;

/** What is wrong with a request before anybody knows which message it was: an error without an id. */
export function refusal(status: number, message: string, headers: Reply['headers'] = {}): Reply {
  return { status, body: errorOf(codeOf(status), message), headers };
}

/**
 * Reads one JSON-RPC message of at most 256 KB and 16 levels. A batch is refused: one request is counted as one, and newer versions
 * of the protocol have none.
 */
export async function readMessage(request: IncomingMessage): Promise<{ message: RpcMessage } | { refused: Reply }> {
  const body = await readJsonBody(request, DEEPEST);
  if ('refused' in body) return { refused: inRpc(body.refused) };
  const { value } = body;
  if (Array.isArray(value)) return invalid('Batches are not taken. Send one message with each request.');
  if (!isObject(value)) return invalid('A JSON-RPC message is an object.');
  // A key of this name would vanish on the way, and what is checked would not be what was sent. Inside a text its quotes are escaped.
  if (JSON.stringify(value).includes('"__proto__":'))
    return invalid('The message has the key __proto__. Leave it out.');
  return { message: value };
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function invalid(message: string): { refused: Reply } {
  return { refused: { status: 400, body: errorOf(INVALID_REQUEST, message) } };
}

function inRpc({ status, body, headers }: Reply): Reply {
  const { message, hint } = body as { message: string; hint: string };
  return refusal(status, `${message} ${hint}`, headers);
}

const codeOf = (status: number): number => (status === 400 ? PARSE_ERROR : REFUSED);

const errorOf = (code: number, message: string) => ({ jsonrpc: '2.0', id: null, error: { code, message } });
