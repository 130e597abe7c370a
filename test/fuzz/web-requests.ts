import { randomUUID } from 'node:crypto';
import { type Random, seeded } from '../adapters/slack/seeded.ts';
import { startWeb, type WebHarness } from '../adapters/web/web-harness.ts';
import { count, type DoorReport, emptyReport } from './report.ts';

const AT_ONCE = 16;

interface Forged {
  how: string;
  headers: Record<string, string>;
  method?: string;
}

const label = (random: Random): string => random.below(2 ** 30).toString(36);

const HOSTS: readonly ((port: number, random: Random) => string)[] = [
  (port, random) => `${label(random)}.example:${port}`,
  (_port, random) => `${label(random)}.example`,
  (port, random) => `localhost.${label(random)}.example:${port}`,
  (port, random) => `${label(random)}.localhost:${port}`,
  (port, random) => `localhost:${port + 1 + random.below(99)}`,
  (port, random) => `127.0.0.${2 + random.below(250)}:${port}`,
  (port, random) => `${label(random)}@localhost:${port}`,
  (port, random) => `127.0.0.1:${port}.${label(random)}.example`,
  (port, random) => `127.0.0.1.${label(random)}:${port}`,
  (port, random) =>
    random.pick([`0.0.0.0:${port}`, `[::ffff:127.0.0.1]:${port}`, `2130706433:${port}`, `[::]:${port}`]),
  (port, random) => random.pick([`localhost.:${port}`, `localhost:0${port}`, 'localhost', '127.0.0.1', '[::1]']),
];
const ORIGINS: typeof HOSTS = [
  ...HOSTS.map((host) => (port: number, random: Random) => `http://${host(port, random)}`),
  (port) => `https://127.0.0.1:${port}`,
  (port, random) => random.pick(['null', '', 'file://', `http://127.0.0.1:${port}/`, `//127.0.0.1:${port}`]),
];
const SITES = ['cross-site', 'same-site', 'Cross-Site', '', 'none, cross-site', 'same-origin, cross-site'];
const METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What a page of another site, or a name that leads here, can make a browser send. */
const FORGERIES: readonly ((port: number, random: Random) => Forged)[] = [
  (port, random) => ({ how: 'host', headers: { host: random.pick(HOSTS)(port, random) } }),
  (port, random) => ({ how: 'origin', headers: { origin: random.pick(ORIGINS)(port, random) } }),
  (_port, random) => ({ how: 'site', headers: { 'sec-fetch-site': random.pick(SITES) } }),
  (port, random) => {
    const host = random.pick(HOSTS)(port, random);
    return {
      how: 'host and its own origin',
      headers: { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
    };
  },
  (port, random) => ({
    how: 'origin that says it is of the same site',
    headers: { origin: random.pick(ORIGINS)(port, random), 'sec-fetch-site': 'same-origin' },
  }),
  (_port, random) => ({ how: 'method', headers: {}, method: random.pick(METHODS) }),
  (_port, random) => ({
    how: 'type of a form',
    headers: {
      'content-type': random.pick(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']),
    },
  }),
];

/** Requests that would be turns, one in twenty of them as the console sends it. */
export async function fuzzWeb(seed: number, requests: number): Promise<DoorReport> {
  const random = seeded(seed);
  const house = await startWeb();
  const report = emptyReport();
  for (let number = 0; number < requests; number += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, requests - number) }, () => {
      const isGood = random.below(20) === 0;
      return sendTurn(
        house,
        report,
        isGood ? { how: 'as it is', headers: {} } : random.pick(FORGERIES)(house.port, random),
        isGood,
      );
    });
    await Promise.all(batch);
    house.turns.length = 0;
  }
  await house.close();
  return report;
}

async function sendTurn(
  house: WebHarness,
  report: DoorReport,
  { how, headers, method = 'POST' }: Forged,
  isGood: boolean,
) {
  const id = randomUUID();
  const own = {
    host: `127.0.0.1:${house.port}`,
    origin: `http://127.0.0.1:${house.port}`,
    'sec-fetch-site': 'same-origin',
  };
  const body = { id, conversation: 'me', text: id };
  const ask = { method, path: '/api/turns', person: 'alice@example.com', headers: { ...own, ...headers }, body };
  const { status } = await house.send(ask);
  count(
    report,
    `${how} ${JSON.stringify(headers)}`,
    isGood,
    house.turns.some(({ text }) => text === id),
  );
  if (status >= 500) report.wrong.push(`${how}: answered ${status}`);
}
