import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface SilentNetwork {
  /** Of Redis, through it. */
  url: string;
  /** Connections that are open take bytes and bring none from now on, and do not end; new ones work. */
  silence(): void;
  stop(): Promise<void>;
}

/** Stands in front of a Redis and does what a lost machine does: nothing, not even a goodbye. */
export async function silentNetwork(port: number): Promise<SilentNetwork> {
  const open = new Map<Socket, Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    open.set(near, far);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.once('close', () => {
      far.destroy();
      open.delete(near);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${own}`,
    silence() {
      for (const [near, far] of open) {
        near.unpipe(far);
        far.unpipe(near);
        near.resume();
      }
    },
    async stop() {
      for (const near of open.keys()) near.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
