import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Bounds {
  /** Open at once. Each holds at most one body or one answer in memory. */
  most: number;
  /** An answer that is not taken within this is taken back. */
  takenWithinMs: number;
}

const USUAL: Bounds = { most: 1_000, takenWithinMs: 30_000 };

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

export interface Connections {
  /** False when this connection has not taken its last answer yet: it is cut, and nothing is to be done for it. */
  begin(request: IncomingMessage, response: ServerResponse): boolean;
}

/**
 * Keeps those who only hold connections from shutting anybody out (SAFETY E9). When there are too many, the one goes that has been owed
 * nothing for longest: nothing asked, half a request, or an answer that nobody takes. Who asks and waits stays, whoever else comes.
 */
export function keepConnections(server: Server, { most, takenWithinMs } = USUAL): Connections {
  /** With what is under way on each; the one that has been quiet for longest is first. */
  const open = new Map<Socket, Exchange | undefined>();

  function makeRoom(): void {
    if (open.size <= most) return;
    for (const [socket, exchange] of open) {
      if (isOwed(exchange)) continue;
      open.delete(socket);
      socket.destroy();
      return;
    }
  }

  function settle(socket: Socket): void {
    if (!open.delete(socket)) return;
    open.set(socket, undefined);
  }

  server.on('connection', (socket: Socket) => {
    open.set(socket, undefined);
    socket.on('close', () => open.delete(socket));
    makeRoom();
  });

  return {
    begin(request, response) {
      const { socket } = request;
      if (socket.destroyed) return false;
      // One after the other: of a thousand requests in one packet a thousand answers would have to be kept.
      if (open.get(socket)) {
        socket.destroy();
        return false;
      }
      open.set(socket, { request, response });
      response.once('prefinish', () => response.setTimeout(takenWithinMs));
      response.once('close', () => settle(socket));
      return true;
    },
  };
}

/** Asked in whole, and not answered yet. */
const isOwed = (exchange: Exchange | undefined): boolean =>
  exchange?.request.complete === true && !exchange.response.writableEnded;
