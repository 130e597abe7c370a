import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Channel } from '../bot/channel.ts';
import type { Turn } from '../bot/turn.ts';
import { loadConfig } from '../lib/config.ts';
import { createTelemetry } from '../lib/telemetry.ts';
import { compose, type House } from '../main/compose.ts';
import { measureWaiting } from '../main/measure-waiting.ts';
import { sweepOnce } from '../main/sweep-once.ts';
import { tell } from './goals.ts';
import { instanceId, quickAws } from './quick-aws.ts';
import { write } from './rounds.ts';

/**
 * Memory of the bot while so many events come in, each of an account and in a conversation that nobody saw before:
 * `node bench/steady.ts [events]`. A million takes about an hour and 8 GB of disk. It is looked at after each tenth.
 */
const EVENTS = Number(process.argv[2] ?? 1_000_000);
const WIDTH = 32;
const PEOPLE = 1_000;
const EVERY_MS = 5_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

interface Memory {
  rssMb: number;
  heapMb: number;
}

const said = { posts: 0, edits: 0, failed: 0 };

/** Keeps nothing of what it is given. Every second account is a guest's, the others belong to people on the list. */
const channel: Channel = {
  name: 'slack',
  async start() {},
  async stop() {},
  async post(to) {
    said.posts += 1;
    return { channel: 'slack', conversation: to.id, message: `m-${said.posts}` };
  },
  async update() {
    said.edits += 1;
  },
  async whisper() {
    said.posts += 1;
  },
  progress() {},
  async profile(userId) {
    const n = Number(userId.slice(userId.indexOf('/U') + 2));
    return isGuest(n) ? { standing: 'guest' } : { standing: 'member', email: `p${n % PEOPLE}@example.com` };
  },
};

const isGuest = (n: number): boolean => n % 2 === 0;

/** Of those who are known, each fifth proposes a change, and one speaks freely. */
function textOf(n: number): string {
  if (isGuest(n)) return 'help';
  switch (n % 10) {
    case 1:
      return `ec2 reboot ${instanceId(n)} reason="it does not answer"`;
    case 3:
      return `how is machine web${n} of team blue${n} doing`;
    case 5:
      return 'help';
    default:
      return 'ec2 list';
  }
}

const turn = (n: number): Turn => ({
  id: `event-${n}`,
  at: Date.now(),
  origin: 'message',
  speaker: { channel: 'slack', userId: `T${n}/U${n}`, auth: 'signature' },
  conversation: { channel: 'slack', id: `T${n}/D${n}` },
  text: textOf(n),
});

const folder = mkdtempSync(join(tmpdir(), 'opsagent-bench-'));
try {
  const house = await open(folder);
  const seen = await run(house);
  await house.close();
  report(seen);
} finally {
  rmSync(folder, { recursive: true });
}

/** The bot as `serve` opens it, with what it does by the clock. */
async function open(where: string) {
  const files = { PEOPLE_FILE: join(where, 'people.yaml'), POLICY_FILE: join(where, 'policy.yaml') };
  const people = Array.from({ length: PEOPLE }, (_, n) => `p${n}: {email: p${n}@example.com, roles: [engineer]}\n`);
  writeFileSync(files.PEOPLE_FILE, people.join(''));
  writeFileSync(files.POLICY_FILE, "limits: {pending_per_person: 100}\nroutes: {'#ops': ['slack:T0BENCH/C0BENCH']}\n");
  const config = loadConfig({ STORE: `sqlite:${join(where, 'bench.db')}`, LOG_LEVEL: 'error', ...files });
  const telemetry = await createTelemetry({ version: config.version, mode: config.EXECUTION_MODE });
  const house = await compose(config, telemetry, { aws: quickAws() });
  const { bot, dispatcher } = house.open([channel]);
  dispatcher.start();
  const stopping = new AbortController();
  const byTheClock = setInterval(() => void everySoOften(house, stopping.signal), EVERY_MS);
  return {
    handle: bot.handleTurn,
    flush: dispatcher.flush,
    async close() {
      clearInterval(byTheClock);
      stopping.abort();
      await bot.drain();
      await dispatcher.stop();
      await house.close();
    },
  };
}

async function everySoOften(house: House, signal: AbortSignal): Promise<void> {
  await sweepOnce(house, signal);
  await measureWaiting(house, [channel]);
  await house.telemetry.text();
}

async function run({ handle, flush }: Awaited<ReturnType<typeof open>>): Promise<Memory[]> {
  const seen: Memory[] = [];
  write('| events | s | RSS, MB | heap, MB | posts | edits | failed |');
  write('|---|---|---|---|---|---|---|');
  const began = performance.now();
  let next = 0;
  for (let tenth = 1; tenth <= 10; tenth += 1) {
    const end = Math.round((EVENTS * tenth) / 10);
    const person = async () => {
      while (next < end) {
        const { outcome } = await handle(turn(next++));
        if (outcome === 'failed') said.failed += 1;
      }
    };
    await Promise.all(Array.from({ length: WIDTH }, person));
    await flush();
    const memory = measure();
    seen.push(memory);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const { posts, edits, failed } = said;
    const [rss, heap] = [memory.rssMb, memory.heapMb].map((mb) => mb.toFixed(1));
    write(`| ${[end, seconds, rss, heap, posts, edits, failed].join(' | ')} |`);
  }
  return seen;
}

/** Twice: what finalizers let go goes with the second. */
function measure(): Memory {
  collect();
  collect();
  const { rss, heapUsed } = process.memoryUsage();
  return { rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20 };
}

function report(seen: readonly Memory[]): void {
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last) throw new Error('nothing was measured');
  const grown = last.rssMb / first.rssMb;
  write('');
  write(`heap after ${EVENTS} against after ${EVENTS / 10}: ${(last.heapMb / first.heapMb).toFixed(2)}x`);
  tell('P19', [grown]);
}
