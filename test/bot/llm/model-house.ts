import { setTimeout as delay } from 'node:timers/promises';
import type { Model, ModelRequest, ToolSpec } from '../../../bot/llm/model.ts';
import { openModel } from '../../../bot/llm/open-model.ts';
import type { Clock } from '../../../lib/clock.ts';
import { loadConfig } from '../../../lib/config.ts';
import { OpsError } from '../../../lib/errors.ts';
import { silentLog } from '../../../lib/log.ts';
import type { Wire } from './vendor-events.ts';

export const KEY = 'gateway-key-7f3a91';
export const WIRES: readonly Wire[] = ['anthropic', 'bedrock'];

export const tools: ToolSpec[] = [
  { name: 'ec2_list', description: 'Lists instances.', schema: { type: 'object', properties: {} } },
  { name: 'ec2_show', description: 'Shows one.', schema: { type: 'object', properties: { id: { type: 'string' } } } },
];

/** Pauses pass at once and are written down; a try gets `tryMs` instead of its 30 s. */
export function quickClock(tryMs = 8_000): { clock: Clock; pauses: number[] } {
  const pauses: number[] = [];
  const sleep = async (ms: number, signal?: AbortSignal) => {
    if (ms !== 45_000) pauses.push(ms);
    await delay(ms === 45_000 ? tryMs : 0, undefined, { signal });
  };
  return { clock: { now: Date.now, sleep }, pauses };
}

/** The model as the process opens it, from configuration keys. */
export function modelAt(wire: Wire, url: string, clock: Clock = quickClock().clock): Model {
  const anthropic = { LLM_MODEL: 'claude-sonnet-5-5', ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: url };
  const bedrock = { LLM_MODEL: 'global.anthropic.claude-sonnet-5-5', BEDROCK_BASE_URL: url };
  const config = loadConfig({ LLM_PROVIDER: wire, ...(wire === 'anthropic' ? anthropic : bedrock) });
  const model = openModel(config, { clock, log: silentLog });
  if (model === undefined) throw new Error('the configuration opened no model');
  return model;
}

export function asking(text: string, over: Partial<ModelRequest> = {}): ModelRequest {
  const signal = new AbortController().signal;
  return {
    system: 'You run AWS.',
    tools,
    messages: [{ role: 'user', content: [{ kind: 'text', text }] }],
    signal,
    ...over,
  };
}

export async function failureOf(reply: Promise<unknown>): Promise<OpsError> {
  try {
    await reply;
  } catch (error) {
    if (error instanceof OpsError) return error;
    throw error;
  }
  throw new Error('there was a reply');
}

/** Bedrock's requests are signed; the process's own keys, if there are any, come back afterwards. */
export function withAwsKeys(): void {
  const nowhere = {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nowhere/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  };
  const kept = [
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_BEARER_TOKEN_BEDROCK',
    'AWS_PROFILE',
  ];
  const names = [...kept, ...Object.keys(nowhere)];
  const before = names.map((name) => [name, process.env[name]] as const);

  beforeEach(() => {
    for (const name of names) delete process.env[name];
    Object.assign(process.env, nowhere);
    process.env.AWS_ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = KEY;
  });

  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}
