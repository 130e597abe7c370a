import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** Slack's side of Socket Mode, as far as one client needs it: short text frames only. */
export interface SocketStub {
  apiUrl: string;
  /** What was acknowledged, oldest first. */
  acks: { envelope_id: string; payload?: unknown }[];
  /** Connections so far. */
  connections(): number;
  send(envelope: object): void;
  /** As when Slack renews the connection: says so and ends it. */
  refresh(): void;
  drop(): void;
  close(): Promise<void>;
}

/** `answer` says what a call of the Web API gets. */
export async function startSocketStub(answer: (method: string) => object): Promise<SocketStub> {
  const acks: SocketStub['acks'] = [];
  let connections = 0;
  let socket: Duplex | undefined;
  const server = createServer((request, response) => {
    request.resume();
    const method = (request.url ?? '').replace('/api/', '');
    const { port } = server.address() as AddressInfo;
    const link = { ok: true, url: `ws://127.0.0.1:${port}/link` };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...(method === 'apps.connections.open' ? link : {}), ...answer(method) }));
  });
  server.on('upgrade', (request: IncomingMessage, upgraded: Duplex) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    upgraded.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    connections += 1;
    socket = upgraded;
    upgraded.on('error', () => {});
    upgraded.on('data', (data: Buffer) => read(data, upgraded, acks));
    upgraded.write(frame(1, JSON.stringify({ type: 'hello', num_connections: 1 })));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    acks,
    connections: () => connections,
    send: (envelope) => void socket?.write(frame(1, JSON.stringify(envelope))),
    refresh() {
      socket?.write(frame(1, JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' })));
    },
    drop: () => void socket?.destroy(),
    async close() {
      socket?.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

function frame(opcode: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([payload.length < 126 ? Buffer.from([0x80 | opcode, payload.length]) : head, payload]);
}

/** Frames of a client are masked; a close is answered with a close. */
function read(data: Buffer, socket: Duplex, acks: SocketStub['acks']): void {
  let at = 0;
  while (at + 6 <= data.length) {
    const opcode = (data[at] ?? 0) & 0x0f;
    const short = (data[at + 1] ?? 0) & 0x7f;
    const length = short === 126 ? data.readUInt16BE(at + 2) : short;
    const from = at + (short === 126 ? 8 : 6);
    const mask = data.subarray(from - 4, from);
    const payload = Buffer.from(data.subarray(from, from + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
    if (opcode === 8) socket.end(frame(8, ''));
    if (opcode === 9) socket.write(frame(10, payload.toString()));
    if (opcode === 1) acks.push(JSON.parse(payload.toString()));
    at = from + length;
  }
}
