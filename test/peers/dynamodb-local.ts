import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { missing } from './peers.ts';

export interface DynamodbLocal {
  /** On loopback. */
  url: string;
  stop(): Promise<void>;
}

/**
 * Amazon's own DynamoDB on this machine, in memory. It listens on all addresses, so it runs in a network of its own, and is reached by
 * a socket in a folder. Pending or failing like `moto` where it, Java, or the right to make a network is missing.
 */
export async function dynamodbLocal(suite: Mocha.Context): Promise<DynamodbLocal> {
  const jar = join(import.meta.dirname, 'dynamodb-local/DynamoDBLocal.jar');
  if (!existsSync(jar)) missing(suite, 'DynamoDB Local', 'bash test/peers/install-dynamodb-local.sh');
  if (!runs('java', '-version') || !runs('unshare', '--net', 'ip', 'link'))
    missing(suite, 'Java, or a network of its own for it', 'apt-get install default-jre-headless iproute2, as root');
  const folder = mkdtempSync(join(tmpdir(), 'opsagent-dynamodb-'));
  const socket = join(folder, 'socket');
  const program = join(import.meta.dirname, 'dynamodb-local-inside.ts');
  const inside = `ip link set lo up && exec '${process.execPath}' '${program}' '${socket}'`;
  const server = spawn('unshare', ['--net', 'sh', '-c', inside], { stdio: ['pipe', 'ignore', 'inherit'] });
  while (!existsSync(socket) && server.exitCode === null) await pause(50);
  const front = createServer((client) => {
    const behind = connect(socket);
    for (const [one, other] of [
      [client, behind],
      [behind, client],
    ] as const)
      one.on('error', () => other.destroy()).pipe(other);
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    async stop() {
      front.close();
      const ended = once(server, 'exit');
      server.stdin.end();
      if (server.exitCode === null) await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

const runs = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;
