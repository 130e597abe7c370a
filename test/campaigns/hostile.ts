import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ALICE, install } from '../e2e/opsagent.ts';
import { serveIn } from '../e2e/serving.ts';
import { hold } from '../e2e/wire.ts';

interface Asked {
  status: number | string;
  ms: number;
}

const MB = 1024 ** 2;
/** Health is asked for this long while the connections are held. */
const HELD_MS = 5_000;
const MOST_MB = 600;
/** A load balancer that asks has its answer by then. */
const SOON_MS = 200;
/** Each such packet is a thousand requests to read before the connection can be cut: that costs time, whoever sends them. */
const PACKED = 'a thousand requests in one packet';

const saying = (host: string): Record<string, string> => ({
  'nothing said': '',
  'half a request': `GET /health HTTP/1.1\r\n${host}\r\nx-`,
  'half a body': `POST /api/turns HTTP/1.1\r\n${host}\r\nx-opsagent-person: ${ALICE}\r\ncontent-type: application/json\r\ncontent-length: 250000\r\n\r\n{`,
  'an answer not taken': `GET /openapi.json HTTP/1.1\r\n${host}\r\n\r\n`,
  [PACKED]: `GET /openapi.json HTTP/1.1\r\n${host}\r\n\r\n`.repeat(1_000),
});

/** The long form of test/e2e/hostile.test.ts: `npm run campaign hostile -- [connections]`. There is no chance in it. */
export async function campaignHostile([connections = 10_000]: readonly number[]) {
  const house = install();
  const server = await serveIn(house);
  const lines: string[] = [];
  let held = true;
  for (const [what, first] of Object.entries(saying(`Host: 127.0.0.1:${server.port}`))) {
    const asked: Asked[] = [];
    const count = what === PACKED ? Math.ceil(connections / 100) : connections;
    const watch = new Worker(new URL('hostile-watch.ts', import.meta.url), { workerData: server.port });
    watch.on('message', (one: Asked) => asked.push(one));
    const attack = await hold(server.port, count, () => first);
    await sleep(HELD_MS);
    attack.letGo();
    await watch.terminate();
    const { text } = await server.get('/metrics');
    const megabytes = Math.round(Number(/^process_resident_memory_bytes\S* (\S+)/m.exec(text)?.[1]) / MB);
    const failed = asked.filter(({ status }) => status !== 200);
    const ms = asked.map((one) => Math.round(one.ms)).sort((one, other) => one - other);
    const middle = ms[ms.length >> 1] ?? Number.POSITIVE_INFINITY;
    held &&= failed.length === 0 && middle < SOON_MS && megabytes < MOST_MB;
    lines.push(
      `${count} connections, ${what}: health ${asked.length - failed.length} of ${asked.length}, ` +
        `p50 ${middle} ms, p95 ${ms[Math.floor(ms.length * 0.95)]} ms, most ${ms.at(-1)} ms; ${megabytes} MB`,
      ...failed.slice(0, 3).map(({ status }) => `  ${status}`),
    );
  }
  server.signal('SIGTERM');
  await server.ended;
  house.remove();
  return { lines, held };
}
