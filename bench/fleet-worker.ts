import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Channel } from '../bot/channel.ts';
import { loadConfig } from '../lib/config.ts';
import { createTelemetry } from '../lib/telemetry.ts';
import { compose } from '../main/compose.ts';
import { openFleet } from '../main/fleet.ts';
import { instanceId, quickAws } from './quick-aws.ts';
import { answering } from './rounds.ts';

/** `node bench/fleet-worker.ts <table> <URL of DynamoDB> <URL of Redis> <folder>`: one process of a fleet, in front of AWS that costs nothing. */
const [table = '', dynamodb = '', redis = '', folder = ''] = process.argv.slice(2);
const WIDTH = 2;
const PEOPLE = 400;

Object.assign(process.env, {
  ...{ AWS_ENDPOINT_URL_DYNAMODB: dynamodb, AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' },
});
process.chdir(folder);

export interface Done {
  cpuUs: number;
  /** By operation, the ones that were refused too. */
  calls: Record<string, number>;
  /** Commits that another process was faster than. */
  conflicts: number;
  /** Clients of the SDK that sent something for the first time. */
  clients: number;
  /** Proposals that the table did not take in time. */
  failed: number;
}

let calls: Record<string, number> = {};
let conflicts = 0;
let failed = 0;
subscribe('http.client.response.finish', (message) => {
  const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
  const operation = /^DynamoDB_\d+\.(\w+)/.exec(String(request.getHeader('x-amz-target')))?.[1];
  if (operation === undefined) return;
  calls[operation] = (calls[operation] ?? 0) + 1;
  if (operation === 'TransactWriteItems' && response.statusCode === 400) conflicts += 1;
});

const clients = new Set<object>();
const { send } = DynamoDBClient.prototype;
DynamoDBClient.prototype.send = function (this: DynamoDBClient, ...args: unknown[]) {
  clients.add(this);
  return Reflect.apply(send, this, args);
};

let posted = 0;
const channel: Channel = {
  name: 'web',
  async start() {},
  async stop() {},
  async post(to) {
    return { channel: 'web', conversation: to.id, message: `${process.pid}-${++posted}` };
  },
  async update() {},
  async whisper() {},
  progress() {},
};

const config = loadConfig({
  ...{ STORE: `dynamodb:${table}`, REDIS_URL: redis, LOG_LEVEL: 'silent' },
  ...{ PEOPLE_FILE: join(folder, 'people.yaml'), POLICY_FILE: join(folder, 'policy.yaml') },
});
const house = await compose(config, await createTelemetry({ version: '0', mode: 'LOCAL_MOCK' }), { aws: quickAws() });
const fleet = await openFleet(house);
const { bot, dispatcher } = house.open([channel], fleet.live);

async function propose(n: number): Promise<void> {
  const person = `p${n % PEOPLE}@example.com`;
  const { outcome } = await bot.handleTurn({
    ...{ id: `turn-${n}`, at: Date.now(), origin: 'command' as const, text: `ec2 reboot ${instanceId(n)}` },
    speaker: { channel: 'web', userId: person, auth: 'local-switch' },
    conversation: { channel: 'web', id: `@${person}` },
  });
  if (outcome !== 'pending') failed += 1;
}

answering(
  { ready: true },
  async ({ from, count }: { from: number; count: number }): Promise<Done> => {
    calls = {};
    conflicts = 0;
    failed = 0;
    const [before, known] = [process.cpuUsage(), clients.size];
    let next = from;
    const lane = async () => {
      while (next < from + count) await propose(next++);
    };
    await Promise.all(Array.from({ length: WIDTH }, lane));
    await dispatcher.flush();
    if (clients.size === 0) throw new Error('no client of the SDK was seen: they are not counted');
    const { user, system } = process.cpuUsage(before);
    return { cpuUs: user + system, calls, conflicts, clients: clients.size - known, failed };
  },
  async () => {
    await bot.drain();
    await dispatcher.stop();
    await fleet.close();
    await house.close();
  },
);
