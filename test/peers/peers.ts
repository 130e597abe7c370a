import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** AWS's APIs as moto plays them. */
export interface Moto {
  url: string;
  /** What AWS was asked to do since the last reset, oldest first. */
  calls(): Promise<RecordedCall[]>;
  /** An empty account again, and no calls. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

const RecordedCalls = z.array(
  z.object({
    service: z.string(),
    /** As IAM and CloudTrail call it: 'RebootInstances'. */
    action: z.string(),
    /** As they went over the wire: 'InstanceId.1' for EC2. */
    params: z.record(z.string(), z.unknown()),
    region: z.string(),
    /** Whose credentials signed it. */
    accessKey: z.string(),
    status: z.number(),
  }),
);
export type RecordedCall = z.output<typeof RecordedCalls>[number];

/** What a peer needs of a suite: to leave it pending. */
export type Suite = Pick<Mocha.Context, 'skip'>;

const INSTALL = {
  moto: "pip install 'moto[server]'",
  chromium: 'apt-get install chromium',
  npm: 'npm ci --prefix test/peers',
  promtool: 'apt-get install prometheus',
};

/**
 * Starts moto for one suite: `before(async function () { aws = await moto(this); })`. Sets dummy credentials for the SDK.
 * Where moto is missing the suite is pending, or fails when REQUIRE_PEERS=1.
 */
export async function moto(suite: Suite): Promise<Moto> {
  const there = spawnSync('python3', ['-c', 'import moto.server'], { stdio: 'ignore' });
  if (there.status !== 0) missing(suite, 'moto', INSTALL.moto);
  return startMoto();
}

/** The same for whoever is no suite. Sets dummy credentials for the SDK. */
export async function startMoto(): Promise<Moto> {
  const server = spawn('python3', [join(import.meta.dirname, 'moto-with-cloudtrail.py')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const url = `http://127.0.0.1:${await portOf(server)}`;
  process.env.AWS_ACCESS_KEY_ID = 'testing';
  process.env.AWS_SECRET_ACCESS_KEY = 'testing';
  return {
    url,
    calls: async () => RecordedCalls.parse(await (await fetch(`${url}/test-peer/calls`)).json()),
    async reset() {
      await fetch(`${url}/moto-api/reset`, { method: 'POST' });
      await fetch(`${url}/test-peer/reset`, { method: 'POST' });
    },
    async stop() {
      if (server.exitCode !== null) return;
      const ended = once(server, 'exit');
      server.stdin.end();
      await ended;
    },
  };
}

/** Path of a Chromium for playwright-core; pending or failing like `moto` where there is none. */
export function chromium(suite: Mocha.Context): string {
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((one) =>
    existsSync(one),
  );
  return path ?? missing(suite, 'chromium', INSTALL.chromium);
}

/** Folder of an npm package that only tests need, from test/peers/package.json; pending or failing like `moto` without it. */
export function npmPeer(suite: Mocha.Context, name: string): string {
  const folder = join(import.meta.dirname, 'node_modules', name);
  return existsSync(folder) ? folder : missing(suite, name, INSTALL.npm);
}

/** Command of Prometheus's own checker of rules; pending or failing like `moto` without it. */
export function promtool(suite: Mocha.Context): string {
  const command = 'promtool';
  const there = spawnSync(command, ['--version'], { stdio: 'ignore' });
  return there.status === 0 ? command : missing(suite, command, INSTALL.promtool);
}

/** Pending, or failing when REQUIRE_PEERS=1. */
export function missing(suite: Suite, peer: string, install: string): never {
  const advice = `${peer} is missing: ${install}`;
  if (process.env.REQUIRE_PEERS === '1') throw new Error(advice);
  process.stderr.write(`  pending, ${advice}\n`);
  return suite.skip();
}

async function portOf(server: ChildProcess & { stdout: NodeJS.ReadableStream }): Promise<number> {
  for await (const line of createInterface({ input: server.stdout })) {
    const said: unknown = JSON.parse(line);
    if (typeof said === 'object' && said !== null && 'port' in said) return Number(said.port);
  }
  throw new Error('moto ended before it listened; run test/peers/moto-with-cloudtrail.py by hand to see why');
}
