import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type LookupFunction, type Server, type Socket } from 'node:net';
import type { Address } from './corpus.ts';

/** Stands for the public Internet: nobody answers there either. */
export const PUBLIC = '127.77.77.77';

export interface Dials {
  /** On all addresses of this machine, by both families. */
  port: number;
  /** Connections that arrived at this machine and attempts to get to any other forbidden place, in words. */
  seen: string[];
  /** Names that somebody wanted to know the address of. */
  asked: string[];
  resolve: LookupFunction;
  /** From now on names lead where this address says; `turning`: to the public first, and elsewhere each time after that. */
  leads(address: Address, how?: 'turning'): void;
  close(): Promise<void>;
}

/** The witness: a listener where nobody may come, an ear at every connection this process begins, and a name server that lies. */
export async function watchDials(): Promise<Dials> {
  let current: Address = { url: '', how: '' };
  let turning = false;
  const seen: string[] = [];
  const asked: string[] = [];
  const arrived = (socket: Socket) => {
    if (!isPublic(socket.localAddress)) seen.push(`a connection to ${socket.localAddress}: ${current.how}`);
    socket.on('error', () => {});
    socket.destroy();
  };
  const server = createServer(arrived);
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  const port = portOf(server);

  const begun = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    socket.on('connectionAttempt', (ip: string, to: number) => {
      if (to !== port || isPublic(ip)) return;
      seen.push(`an attempt to reach ${ip}: ${current.how}`);
      // It would be waited for in vain.
      if (!isHere(ip)) setImmediate(() => socket.destroy());
    });
  };
  subscribe('net.client.socket', begun);

  const resolve: LookupFunction = (host, _options, done) => {
    asked.push(host);
    const first = turning && asked.length === 1;
    const addresses = first ? [PUBLIC] : (current.leadsTo ?? ['127.0.0.1']);
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    setImmediate(() => done(null, found));
  };
  return {
    ...{ port, seen, asked, resolve },
    leads(address, how) {
      current = address;
      turning = how === 'turning';
      asked.length = 0;
    },
    async close() {
      unsubscribe('net.client.socket', begun);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the witness does not listen');
  return address.port;
}

const isPublic = (ip: string | undefined): boolean => ip === PUBLIC || ip === `::ffff:${PUBLIC}`;
const isHere = (ip: string): boolean => /^(?:::ffff:)?(?:127\.|0\.0\.0\.0)|^::1?$/.test(ip);
