import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Door } from '../adapters/http/door.ts';
import { createHttpServer, type HttpServer } from '../adapters/http/server.ts';
import { approvalKind } from '../approvals/approval.ts';
import type { Channel } from '../bot/channel.ts';
import { loadConfig } from '../lib/config.ts';
import { createTelemetry } from '../lib/telemetry.ts';
import { compose, type House } from '../main/compose.ts';
import { health } from '../main/health.ts';
import { LONGEST_HOLD_MS } from '../main/serve.ts';
import { sweepOnce } from '../main/sweep-once.ts';
import { catalog } from '../tools/catalog.ts';
import { rebootEc2 } from '../tools/ec2/reboot-ec2.ts';
import type { Tool } from '../tools/tool.ts';
import { PEOPLE, SLACK_TEAM, slackUser, TEAMS_TENANT, teamsUser } from './calls.ts';
import { quickAws } from './quick-aws.ts';

const SWEEP_EVERY_MS = 5_000;
const FLUSH_TRIES = 1_000;

interface Options {
  /** Must be there; the store is made in it. */
  folder: string;
  /** The approvers' channel: where '#ops' leads. */
  route: string;
  /** How long AWS takes to answer. */
  awsMs?: number;
  /** Other keys of the configuration. */
  settings: Record<string, string>;
  tools?: readonly Tool[];
  channelOf(house: House): ChannelWithDoors;
}

type ChannelWithDoors = Channel & { doors: readonly Door[] };

export interface BenchHouse {
  port: number;
  /** Turns that are heard and not over. */
  underWay(): number;
  /** When every turn is over and all that is due was said. */
  settled(): Promise<void>;
  /** Changes that wait. */
  pending(): Promise<number>;
  close(): Promise<void>;
}

/** The house as `serve` opens it, with one chat channel behind its real door; only AWS is not there. */
export async function openBenchHouse({
  folder,
  route,
  awsMs,
  settings,
  tools,
  channelOf,
}: Options): Promise<BenchHouse> {
  const files = { PEOPLE_FILE: join(folder, 'people.yaml'), POLICY_FILE: join(folder, 'policy.yaml') };
  writeFileSync(files.PEOPLE_FILE, people());
  writeFileSync(files.POLICY_FILE, `routes:\n  '#ops': ['${route}']\n`);
  const store = join(folder, 'bench.db');
  const config = loadConfig({ STORE: `sqlite:${store}`, LOG_LEVEL: 'error', PORT: '0', ...files, ...settings });
  const telemetry = await createTelemetry({ version: config.version, mode: config.EXECUTION_MODE });
  const house = await compose(config, telemetry, {
    ...{ aws: quickAws(awsMs), catalog: tools },
    longestHoldMs: LONGEST_HOLD_MS,
  });
  const channel = channelOf(house);
  const { bot, dispatcher, lobby } = house.open([channel]);
  const turns = new Set<Promise<unknown>>();
  await channel.start((turn, heard) => {
    const work = bot.handleTurn(turn, heard);
    turns.add(work);
    void work.finally(() => turns.delete(work));
    return work;
  }, lobby);
  dispatcher.start();
  await house.warm();
  const stopping = new AbortController();
  const sweeping = setInterval(() => void sweepOnce(house, stopping.signal), SWEEP_EVERY_MS);
  const server = await openDoors(channel, house);
  return {
    port: server.port(),
    underWay: () => turns.size,
    async settled() {
      for (let tries = 0; turns.size > 0 && tries < FLUSH_TRIES; tries += 1) await Promise.allSettled(turns);
      await dispatcher.flush();
    },
    pending: () => countPending(house),
    async close() {
      clearInterval(sweeping);
      stopping.abort();
      await channel.stop();
      await server.close();
      await bot.drain();
      await dispatcher.stop();
      await house.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function openDoors({ doors }: ChannelWithDoors, house: House): Promise<HttpServer> {
  const state: Door = {
    method: 'GET',
    path: '/health',
    answer: async () => ({ status: 200, body: JSON.stringify(await health(house)) }),
  };
  const byPath = new Map([...doors, state].map((door) => [`${door.method} ${door.path}`, door]));
  const server = createHttpServer(
    async (request, response) =>
      byPath.get(`${request.method} ${request.url}`)?.answer(request, response) ?? { status: 404, body: '' },
    house.clock,
    house.log,
  );
  await server.listen('127.0.0.1', 0);
  return server;
}

async function countPending({ store }: House): Promise<number> {
  let count = 0;
  let after: string | undefined;
  do {
    const page = await store.places(approvalKind, { index: 'by_list', partition: 'pending', limit: 200, after });
    count += page.rows.length;
    after = page.next;
  } while (after);
  return count;
}

/** Everybody on the allow-list, by the account of either platform; two of a hundred may approve a change of high risk. */
function people(): string {
  return Array.from({ length: PEOPLE }, (_, n) => {
    const role = n % 50 === 0 ? 'senior-engineer' : 'engineer';
    const accounts = `  slack_id: ${SLACK_TEAM}/${slackUser(n)}\n  teams_id: ${TEAMS_TENANT}/${teamsUser(n)}\n`;
    return `person ${n}:\n  email: p${n}@example.com\n  roles: [${role}]\n${accounts}`;
  }).join('');
}

/** So many tools: the catalog's, and copies of one under other names and commands. */
export function toolsOf(count: number): readonly Tool[] {
  if (count === 1) return [rebootEc2];
  const copies = Array.from({ length: Math.max(0, count - catalog.length) }, (_, n): Tool => {
    const phrases = rebootEc2.phrases.map((phrase) => `${phrase} number${n}`);
    return { ...rebootEc2, name: `tool_${n}`, command: `copy${n} reboot`, aliases: [`reboot${n}`], phrases };
  });
  return [...catalog.slice(0, count), ...copies];
}
