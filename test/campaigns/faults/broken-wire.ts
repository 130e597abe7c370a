import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Fault } from './bench.ts';

export interface Wire {
  port: number;
  break(fault: Fault): Promise<void>;
  heal(): Promise<void>;
  close(): Promise<void>;
}

const SLOW_MS = 150;
const PAGE = '<html>please sign in</html>';
const answer = (status: string, body: string): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: text/html\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;

/** Stands in front of a server and does what networks and proxies do on a bad day. `said`: what an error looks like there. */
export async function brokenWire(target: number, said = answer('503 Service Unavailable', 'busy')): Promise<Wire> {
  let fault: Fault | undefined;
  const sockets = new Set<Socket>();
  const kept = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };

  const carry = (client: Socket) => {
    const server = kept(connect(target, '127.0.0.1'));
    client.on('data', (chunk) => server.write(chunk));
    server.on('data', (chunk) => {
      if (fault === 'reset') client.resetAndDestroy();
      else if (fault === 'slow') setTimeout(() => client.destroyed || client.write(chunk), SLOW_MS);
      else client.write(chunk);
    });
    client.on('close', () => server.destroy());
    server.on('close', () => setTimeout(() => client.end(), SLOW_MS));
  };

  const server: Server = createServer((client) => {
    kept(client);
    if (fault === 'hang') return;
    if (fault === 'garbage') return void client.once('data', () => client.end(answer('200 OK', PAGE)));
    if (fault === 'error') return void client.once('data', () => client.end(said));
    carry(client);
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const shut = async () => {
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async break(next) {
      fault = next;
      // Connections that were kept would go on as if nothing had happened.
      if (next === 'refused') await shut();
      else cut();
    },
    async heal() {
      if (fault === 'refused') await listen(port);
      else cut();
      fault = undefined;
    },
    close: () => (server.listening ? shut() : Promise.resolve()),
  };
}
