import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Call, callsOf, SLACK_SECRET, SLACK_TEAM, slackUser, TEAMS_TENANT, teamsUser } from './calls.ts';
import { type ColdProcess, startCold } from './cold-process.ts';
import { tell } from './goals.ts';
import { ratios, spread, startWorker, write } from './rounds.ts';

/**
 * Process start to the first answer, and resting memory, against bare frameworks, interleaved: `node bench/cold.ts [rounds]`.
 * A first round is not counted: it fills the disk's cache and Node's compile cache, as the second start on a machine has them.
 */
const ROUNDS = Number(process.argv[2] ?? 7);
/** After the first answer: what is warmed up in the background is there. */
const REST_MS = 3_000;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** As production runs it. */
const MAIN = bundled();
const FLAGS = shippedFlags();
const folder = mkdtempSync(join(tmpdir(), 'opsagent-bench-'));
const stub = await startWorker('platform-stub');
const model = await startWorker('model-stub');
const { port: stubPort } = stub.ready as { port: number };
const { port: modelPort } = model.ready as { port: number };
const serviceUrl = `http://127.0.0.1:${stubPort}/`;
let started = 0;

const ofSlack = {
  SLACK_SIGNING_SECRET: SLACK_SECRET,
  SLACK_BOT_TOKEN: 'xoxb-bench',
  SLACK_API_URL: `${serviceUrl}api/`,
};
const ofTeams = { TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK: 'true' };
const ofModel = {
  ...{ LLM_PROVIDER: 'anthropic', LLM_MODEL: 'claude-sonnet-5-5', ANTHROPIC_API_KEY: 'sk-ant-of-the-bench' },
  ANTHROPIC_BASE_URL: `http://127.0.0.1:${modelPort}`,
};
const PEOPLE_FILE = join(folder, 'people.yaml');
writeFileSync(
  PEOPLE_FILE,
  `alice:\n  email: alice@example.com\n  roles: [engineer]\n  slack_id: ${SLACK_TEAM}/${slackUser(0)}\n  teams_id: ${TEAMS_TENANT}/${teamsUser(0)}\n`,
);

const serve = (settings: Record<string, string>, ...flags: string[]) => {
  const STORE = `sqlite:${join(folder, `${++started}.db`)}`;
  return startCold([...FLAGS, ...flags, MAIN, 'serve'], { STORE, LOG_LEVEL: 'error', PEOPLE_FILE, ...settings });
};
const peer = (name: string) => startCold([here(`./cold/${name}.mjs`)], { SECRET: SLACK_SECRET });

/** ms and MB, a value a round */
const names = ['bare http', 'bare Bolt', 'Slack', 'bare botbuilder', 'Teams', 'all used'] as const;
const found = Object.fromEntries(names.map((name) => [name, { ms: [] as number[], mb: [] as number[] }]));

for (let round = 0; round <= ROUNDS; round += 1) {
  await look('bare http', await peer('http'), firstAck);
  await look('bare Bolt', await peer('bolt'), firstAck);
  await look('Slack', await serve(ofSlack), firstAck);
  await look('bare botbuilder', await peer('botbuilder'), firstReply);
  await look('Teams', await serve(ofTeams), firstReply);
  const used = await serve({ ...ofSlack, ...ofTeams, ...ofModel }, '--import', here('./cold/aws.mjs'));
  await look('all used', used, useEverything);
  if (round === 0) for (const one of Object.values(found)) one.ms.length = one.mb.length = 0;
}
await Promise.all([stub.stop(), model.stop()]);
rmSync(folder, { recursive: true });

const of = (name: (typeof names)[number], what: 'ms' | 'mb') => found[name]?.[what] ?? [];
write('| process | start to first answer, ms | × Bolt or botbuilder | RSS at rest, MB |');
write('|---|---|---|---|');
for (const name of names) {
  const base = name === 'bare botbuilder' || name === 'Teams' ? 'bare botbuilder' : 'bare Bolt';
  const ratio = spread(ratios(of(name, 'ms'), of(base, 'ms')), 2);
  write(`| ${[name, spread(of(name, 'ms')), ratio, spread(of(name, 'mb'))].join(' | ')} |`);
}
tell('P13a', ratios(of('Slack', 'ms'), of('bare Bolt', 'ms')));
tell('P13b', ratios(of('Slack', 'ms'), of('bare http', 'ms')));
tell('P14', ratios(of('Teams', 'ms'), of('bare botbuilder', 'ms')));
tell('P15a', ratios(of('Slack', 'mb'), of('bare Bolt', 'mb')));
tell('P15b', of('all used', 'mb'));

function bundled(): string {
  execFileSync('npm', ['run', '--silent', 'bundle'], { cwd: here('..'), stdio: 'inherit' });
  return here('../dist/main.js');
}

/** What the container gives to Node. */
function shippedFlags(): string[] {
  const command = /^CMD (.*)$/m.exec(readFileSync(here('../deploy/Containerfile'), 'utf8'))?.[1];
  if (command === undefined) throw new Error('deploy/Containerfile has no CMD');
  return (JSON.parse(command) as string[]).filter((word) => word.startsWith('--'));
}

async function look(
  name: (typeof names)[number],
  cold: ColdProcess,
  until: (cold: ColdProcess) => Promise<number>,
): Promise<void> {
  try {
    found[name]?.ms.push(await until(cold));
    await pause(REST_MS);
    found[name]?.mb.push(cold.rssMb());
  } finally {
    await cold.stop();
  }
}

function firstAck(cold: ColdProcess): Promise<number> {
  return cold.untilAnswered(callsOf['slack-help']()(0));
}

/** Until the reply is at Teams' connector, not until the request is answered. */
async function firstReply(cold: ColdProcess): Promise<number> {
  const replied = stub.ask({ untilReply: true });
  await cold.untilAnswered(callsOf['teams-help']({ serviceUrl })(0));
  await replied;
  return performance.now() - cold.startedAt;
}

/** Each door, each kind of turn, each vendor once. */
async function useEverything(cold: ColdProcess): Promise<number> {
  const first = await firstReply(cold);
  for (const call of [
    ...(['slack-help', 'slack-propose', 'slack-ask', 'teams-propose'] as const).map((kind) =>
      callsOf[kind]({ serviceUrl })(0),
    ),
    ...['list ec2 instances', 'cpu of i-0a1b2c3d4e5f60718', 'which alarms are firing?'].map(inConsole),
    ...['/metrics', '/health'].map((path): Call => ({ path, method: 'GET', headers: {}, body: '' })),
  ])
    await cold.untilAnswered(call);
  return first;
}

function inConsole(text: string): Call {
  const headers = { 'content-type': 'application/json', 'x-opsagent-person': 'alice@example.com' };
  return { path: '/api/turns', headers, body: JSON.stringify({ id: randomUUID(), conversation: 'me', text }) };
}
