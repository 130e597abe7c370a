import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { localPeople } from '../approvals/people.ts';
import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import { asLines, type Check, fail, ok, type Seen, settle, warn } from './finding.ts';

interface SmokeOptions {
  /** Of the server; the configured host and port when left out. */
  url: string | undefined;
  /** Says nothing in a conversation: for a check that is made every minute. */
  readOnly: boolean;
}

const WITHIN_MS = 5_000;
const Health = z.object({ status: z.string(), version: z.string(), mode: z.string() });
const TurnAnswer = z.object({ outcome: z.string() });

/** `opsagent smoke`: asks a running server from outside, as people and Prometheus do; a worker, as Prometheus does. False when something does not work. */
export async function smoke(
  config: Config,
  { url, readOnly }: SmokeOptions,
  print: (line: string) => void,
): Promise<boolean> {
  const base = baseOf(url ?? ownAddress(config));
  // Outside of the simulated estate nobody is anybody without signing in.
  const mayTalk = !readOnly && config.ROLE !== 'worker' && config.EXECUTION_MODE === 'LOCAL_MOCK';
  const checks: Check[] = [
    { name: '/health', look: () => lookAtHealth(base) },
    { name: '/ready', look: () => get(`${base}/ready`).then(() => ok('takes requests')) },
    { name: '/metrics', look: () => lookAtMetrics(base) },
    ...(config.ROLE === 'worker' ? [] : [{ name: 'console', look: () => lookAtConsole(base) }]),
    ...(mayTalk ? [{ name: 'help', look: () => sayHelp(base) }] : []),
  ];
  const findings = await Promise.all(checks.map(settle));
  print(findings.map(asLines).join('\n'));
  return findings.every(({ status }) => status !== 'fail');
}

/** Degraded is no failure: reads go on, and whoever restarts a server for a pause would help nobody. */
async function lookAtHealth(base: string): Promise<Seen> {
  const { status, version, mode } = readAs(Health, await get(`${base}/health`));
  if (status === 'ok') return ok(`version ${version}, ${mode}`);
  return warn(`it says ${status}`, 'GET /health names the part; opsagent readiness says why.');
}

async function lookAtMetrics(base: string): Promise<Seen> {
  const text = await get(`${base}/metrics`);
  if (!/^opsagent_build_info\{/m.test(text)) return fail('they are not those of OpsAgent', 'Check where --url leads.');
  return ok(`${text.match(/^# TYPE /gm)?.length ?? 0} metrics`);
}

async function lookAtConsole(base: string): Promise<Seen> {
  if ((await get(`${base}/`)).includes('<div id="root">')) return ok('is served');
  return fail('the page is not the console', 'Run npm run build, then start OpsAgent again.');
}

async function sayHelp(base: string): Promise<Seen> {
  const headers = { 'content-type': 'application/json', 'x-opsagent-person': localPeople[0]?.id ?? '' };
  const body = JSON.stringify({ id: randomUUID(), conversation: 'me', text: 'help' });
  const { outcome } = readAs(TurnAnswer, await get(`${base}/api/turns`, { method: 'POST', headers, body }));
  return outcome === 'answer' ? ok('is answered') : fail(`the turn ended with ${outcome}`, 'Its log line says why.');
}

/** @throws OpsError when whoever listens there is somebody else */
function readAs<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw wrong('the answer is not that of OpsAgent', 'Check where --url leads.', cause);
  }
}

/** The text of a 200. @throws OpsError */
async function get(url: string, init: RequestInit = {}): Promise<string> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  const answer = await fetch(url, { ...init, redirect: 'error', signal }).catch((cause: unknown) => {
    throw wrong(`nothing answers at ${url}`, 'Check that OpsAgent runs, and its HOST and PORT.', cause);
  });
  const text = await answer.text();
  if (answer.status === 200) return text;
  throw wrong(`it answers ${answer.status}`, 'The log of the server says why; GET /health names what is down.');
}

function wrong(message: string, hint: string, cause?: unknown): OpsError {
  return new OpsError('not_found', message, { hint, cause });
}

function baseOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed && /^https?:$/.test(parsed.protocol)) return parsed.href.replace(/\/+$/, '');
  throw new OpsError('config_invalid', `--url cannot be ${JSON.stringify(url.slice(0, 60))}.`, {
    hint: 'Use the address of the server, for example http://127.0.0.1:3978.',
  });
}

const ownAddress = ({ HOST, PORT }: Config): string => `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;
