import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from '../e2e/record-of.ts';
import { missing, type Suite } from './peers.ts';

const PROGRAM = 'redis-server';

/** Debian's redis-server as a child process; it keeps nothing on disk. */
export interface RedisPeer {
  url: string;
  /** A connection of the test's own, made anew for each use. */
  by<T>(use: (redis: Redis) => Promise<T>): Promise<T>;
  /** Connections are taken and nothing is answered, until SIGCONT. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** kill -9. */
  kill(): Promise<void>;
  /** Again on the same port, empty. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Redis for one suite. Where redis-server is missing the suite is pending, or fails when REQUIRE_PEERS=1. */
export async function redisServer(suite: Suite): Promise<RedisPeer> {
  if (spawnSync(PROGRAM, ['--version'], { stdio: 'ignore' }).status !== 0)
    missing(suite, PROGRAM, 'apt-get install redis-server');
  const folder = mkdtempSync(join(tmpdir(), 'opsagent-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;

  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const start = async () => {
    const options = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    child = spawn(PROGRAM, options, { stdio: 'ignore' });
    await eventually(
      () => answers(port),
      (is) => is,
      5_000,
    );
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    async by(use) {
      const redis = new Redis({ host: '127.0.0.1', port });
      try {
        return await use(redis);
      } finally {
        redis.disconnect();
      }
    },
    signal: (name) => void child?.kill(name),
    kill,
    start,
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket
      .once('error', () => end(false))
      .once('connect', () => socket.write('PING\r\n'))
      .once('data', () => end(true));
  });
}
