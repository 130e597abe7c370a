import {
  CallToolRequestSchema,
  ErrorCode,
  InitializeRequestSchema,
  JSONRPCRequestSchema,
  ListToolsRequestSchema,
  PingRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { cleanText } from '../../lib/clean-text.ts';
import { ok, type Reply } from '../http/reply.ts';
import type { RpcMessage } from './json-rpc.ts';

/** Every request that is answered. */
const REQUESTS = new Map(
  [InitializeRequestSchema, PingRequestSchema, ListToolsRequestSchema, CallToolRequestSchema].map((schema) => [
    schema.shape.method.value as string,
    schema,
  ]),
);

/** Parameters that its method does not take are the client's mistake; the SDK would call them a fault of ours. */
export function wrongParameters(message: RpcMessage): Reply | undefined {
  const request = JSONRPCRequestSchema.safeParse(message);
  if (!request.success) return undefined;
  const parsed = REQUESTS.get(request.data.method)?.safeParse(message);
  if (!parsed || parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  const why = cleanText(`${issue?.path.join('.')}: ${issue?.message}`, 200);
  return ok({ jsonrpc: '2.0', id: request.data.id, error: { code: ErrorCode.InvalidParams, message: why } });
}
