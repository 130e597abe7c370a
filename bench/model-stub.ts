import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answering } from './rounds.ts';

/** The Messages API, answered at once with one short text as a stream; `hang`: never. In a process of its own. */
const hangs = process.argv[2] === 'hang';
let asked = 0;

const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const usage = { input_tokens: 2_000, output_tokens: 20, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
const message = { id: 'msg_bench', type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', content: [] };
const stream = [
  event('message_start', { message: { ...message, stop_reason: null, stop_sequence: null, usage } }),
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'All instances are well.' } }),
  event('content_block_stop', { index: 0 }),
  event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 20 } }),
  event('message_stop', {}),
].join('');

function answer(request: IncomingMessage, response: ServerResponse): void {
  asked += 1;
  request.resume();
  if (hangs) return;
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(stream);
  });
}

const server = createServer(answer);
server.keepAliveTimeout = 60_000;
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
answering(
  { port },
  async () => ({ asked }),
  async () => void server.closeAllConnections(),
);
