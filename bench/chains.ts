import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { fixChains, MOST_CHAINS } from '../approvals/audit-chains.ts';
import { verifyChain } from '../approvals/audit-verify.ts';
import { systemClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import { createDynamodbStore } from '../store/dynamodb.ts';
import { openDynamodbAdmin } from '../store/dynamodb-admin.ts';
import { startMoto } from '../test/peers/peers.ts';

/**
 * How often a record has to be written again because another process moved its chain: one chain against sixteen, on a DynamoDB
 * table played by moto. Counts and their ratio, no times: moto is not DynamoDB. `node bench/chains.ts [rounds] [requests]`
 */
const ROUNDS = Number(process.argv[2] ?? 3);
const REQUESTS = Number(process.argv[3] ?? 20);
const [PROCESSES, RECORDS_EACH, AT_ONCE] = [4, 3, 2];
const PROGRAM = fileURLToPath(new URL('../test/approvals/recording-process.ts', import.meta.url));
const STARTED_MS = 5_000;

const Counts = z.object({ commits: z.number(), conflicts: z.number(), seconds: z.number() });
type Counts = z.output<typeof Counts>;

const moto = await startMoto();
process.env.AWS_ENDPOINT_URL_DYNAMODB = moto.url;

async function record(uri: string, barrier: number): Promise<Counts> {
  const numbers = [0, REQUESTS, RECORDS_EACH, AT_ONCE, barrier].map(String);
  const child = spawn(process.execPath, [PROGRAM, uri, ...numbers], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return Counts.parse(JSON.parse(said));
}

/** A new table, all processes at once, and a record that is whole afterwards. */
async function round(chains: number): Promise<Counts> {
  // moto copies all that it holds for each transaction.
  await moto.reset();
  const table = `bench-${randomUUID()}`;
  const admin = openDynamodbAdmin(table, 'eu-west-1');
  await admin.create();
  await admin.close();
  const store = await createDynamodbStore({ table, region: 'eu-west-1', clock: systemClock, log: silentLog });
  await fixChains(store, chains);
  const barrier = Date.now() + STARTED_MS;
  const all = await Promise.all(Array.from({ length: PROCESSES }, () => record(`dynamodb:${table}`, barrier)));
  const { ok, records } = await verifyChain(store);
  await store.close();
  const wanted = PROCESSES * REQUESTS * RECORDS_EACH;
  if (!ok || records !== wanted) throw new Error(`${records} of ${wanted} records, whole: ${ok}`);
  const sum = (key: keyof Counts) => all.reduce((total, one) => total + one[key], 0);
  return { commits: sum('commits'), conflicts: sum('conflicts'), seconds: Math.max(...all.map((one) => one.seconds)) };
}

const perRecord = ({ commits, conflicts }: Counts): number => conflicts / commits;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

const ratios: number[] = [];
for (let n = 1; n <= ROUNDS; n += 1) {
  const one = await round(1);
  const many = await round(MOST_CHAINS);
  ratios.push(perRecord(one) / perRecord(many));
  const told = [one, many].map(
    ({ commits, conflicts, seconds }) =>
      `${conflicts} conflicts for ${commits} records (${(conflicts / commits).toFixed(2)} each), ${seconds.toFixed(1)} s`,
  );
  process.stdout.write(`round ${n}: 1 chain ${told[0]}; ${MOST_CHAINS} chains ${told[1]}\n`);
}
process.stdout.write(
  `${PROCESSES} processes with ${AT_ONCE} requests under way, ${RECORDS_EACH} records a request; every record whole after each round\n` +
    `one chain has ${median(ratios).toFixed(1)} times the conflicts a record [${Math.min(...ratios).toFixed(1)}..${Math.max(...ratios).toFixed(1)}], round by round\n`,
);
await moto.stop();
