import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { callsOf } from './calls.ts';
import { tell } from './goals.ts';
import { type Figures, measure, report } from './measure.ts';
import { exact, ratios, startWorker, type Worker, write } from './rounds.ts';
import { peersAreInstalled } from './teams-peers.ts';

/**
 * The whole Teams turn of OpsAgent against bots that echo, interleaved: `node bench/teams.ts [rounds] [requests]`. Tokens are
 * checked by OpsAgent and by botbuilder only; the other peers are asked to trust everybody.
 */
const ROUNDS = Number(process.argv[2] ?? 5);
const COUNT = Number(process.argv[3] ?? 4_000);
/** Until the compiler has seen the path: after a few hundred requests an answer still takes four times as long. */
const WARM = 2_000;

interface Variant {
  name: string;
  server: string;
  kind: keyof typeof callsOf;
  checked: boolean;
}

const OWN: readonly Variant[] = [
  { name: 'botbuilder 4.23 + JWT, echo', server: 'botbuilder', kind: 'teams-propose', checked: true },
  { name: 'ec2 reboot …', server: 'house', kind: 'teams-propose', checked: true },
  { name: 'help', server: 'house', kind: 'teams-help', checked: true },
];
const PEERS: readonly Variant[] = [
  { name: 'agents-hosting 1.8, echo, unchecked', server: 'agents', kind: 'teams-propose', checked: false },
  { name: 'teams.apps 2.1, echo, unchecked', server: 'teams-apps', kind: 'teams-propose', checked: false },
  { name: 'Chat SDK 4.41, echo, unchecked', server: 'chat-sdk', kind: 'teams-propose', checked: false },
];

const VARIANTS = peersAreInstalled() ? [...OWN, ...PEERS] : OWN;
if (VARIANTS === OWN)
  write('agents-hosting, teams.apps and Chat SDK are left out; install them: npm ci --prefix bench/peers');

const folder = mkdtempSync(join(tmpdir(), 'opsagent-bench-'));
const found = new Map<Variant, Figures[]>(VARIANTS.map((variant) => [variant, []]));
const keyFetches = new Map<string, number>();
for (let round = 0; round < ROUNDS; round += 1) {
  for (const variant of VARIANTS) found.get(variant)?.push(await once(variant));
}
rmSync(folder, { recursive: true });
report(VARIANTS.map((variant) => ({ name: variant.name, figures: found.get(variant) ?? [] })));
exact('key sets fetched, 32 cold requests at once', [...keyFetches].map((one) => one.join(' ')).join(', '));
const [BOTBUILDER, PROPOSAL] = OWN;
const rates = (variant: Variant | undefined) => (variant && found.get(variant))?.map(({ rate }) => rate) ?? [];
tell('P4', ratios(rates(PROPOSAL), rates(BOTBUILDER)));
for (const [id, server] of [
  ['P5a', 'teams-apps'],
  ['P5b', 'agents'],
  ['P5c', 'chat-sdk'],
] as const) {
  const peer = VARIANTS.find((one) => one.server === server);
  if (peer) tell(id, ratios(rates(PROPOSAL), rates(peer)));
}
tell('P17a', [keyFetches.get('house') ?? Number.NaN]);

async function once({ server: name, kind, checked }: Variant): Promise<Figures> {
  const stub = await startWorker('platform-stub');
  const load = await startWorker('load');
  const { port: stubPort } = stub.ready as { port: number };
  const server = await startWorker('teams-server', name, stubPort, mkdtempSync(join(folder, 'store-')));
  const { port } = server.ready as { port: number };
  const serviceUrl = `http://127.0.0.1:${stubPort}/`;
  const { token } = await stub.ask<{ token: string }>({ serviceUrl });
  try {
    const job = { port, kind, with: { serviceUrl, token: checked ? token : '' } };
    const figures = await measure(server, load, { ...job, warm: WARM, alone: 100, count: COUNT });
    await assertReplied(stub, name, COUNT);
    return figures;
  } finally {
    await server.stop();
    await load.stop();
    await stub.stop();
  }
}

/** A bot that does not get its replies out is no measure. */
async function assertReplied(stub: Worker, name: string, least: number): Promise<void> {
  const { counts } = await stub.ask<{ counts: Record<string, number> }>({});
  keyFetches.set(name, counts['/keys'] ?? 0);
  const replies = counts['/v3/conversations/…'] ?? 0;
  if (replies < least) throw new Error(`${name} sent ${replies} replies to more than ${least} messages`);
}
