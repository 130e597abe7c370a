import type { IncomingMessage } from 'node:http';
import type { Speaker } from '../../bot/turn.ts';
import type { Reply } from './reply.ts';

/** Who comes through REST or MCP, or why not: nobody is let in without a proof, and nobody too often. */
export type Admit = (
  request: IncomingMessage,
  channel: 'api' | 'mcp',
) => Promise<{ speaker: Speaker } | { refused: Reply }>;
