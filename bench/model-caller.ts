import { Anthropic } from '@anthropic-ai/sdk';
import type { Channel } from '../bot/channel.ts';
import { toolSpecs } from '../bot/llm/prompt.ts';
import type { Turn } from '../bot/turn.ts';
import { loadConfig } from '../lib/config.ts';
import { createTelemetry } from '../lib/telemetry.ts';
import { compose } from '../main/compose.ts';
import { catalog } from '../tools/catalog.ts';
import { quickAws } from './quick-aws.ts';
import { answering } from './rounds.ts';

/** `node bench/model-caller.ts <bare|turn> <port of the stub> <folder>`: the same question, by the SDK alone or as a whole turn. */
const [kind, stub = '', folder = ''] = process.argv.slice(2);
const settings = {
  LLM_PROVIDER: 'anthropic',
  LLM_MODEL: 'claude-sonnet-5-5',
  ANTHROPIC_API_KEY: 'sk-ant-of-the-bench',
  ANTHROPIC_BASE_URL: `http://127.0.0.1:${stub}`,
};
const QUESTION = 'how would you say are our machines doing today';

interface Caller {
  once(n: number): Promise<unknown>;
  close(): Promise<void>;
}

function bare(): Caller {
  const client = new Anthropic({
    ...{ apiKey: settings.ANTHROPIC_API_KEY, baseURL: settings.ANTHROPIC_BASE_URL },
    ...{ maxRetries: 0, openTelemetry: false },
  });
  const tools = toolSpecs(catalog).map(({ name, description, schema }) => ({
    ...{ name, description },
    input_schema: schema as Anthropic.Tool.InputSchema,
  }));
  return {
    once: () =>
      client.messages
        .stream({
          ...{ model: settings.LLM_MODEL, max_tokens: 4_096, system: 'You are OpsAgent.', tools },
          messages: [{ role: 'user', content: QUESTION }],
        })
        .finalMessage(),
    close: async () => {},
  };
}

async function turns(): Promise<Caller> {
  const config = loadConfig({ STORE: `sqlite:${folder}/bench.db`, LOG_LEVEL: 'error', PORT: '0', ...settings });
  const telemetry = await createTelemetry({ version: config.version, mode: config.EXECUTION_MODE });
  const house = await compose(config, telemetry, { aws: quickAws() });
  const { bot } = house.open([silent]);
  return {
    once: (n) => bot.handleTurn(turn(n)),
    async close() {
      await bot.drain();
      await house.close();
    },
  };
}

const silent: Channel = {
  name: 'web',
  async start() {},
  post: async ({ id }) => ({ channel: 'web', conversation: id, message: 'm' }),
  async update() {},
  async whisper() {},
  progress() {},
  async stop() {},
};

/** Each in a conversation of its own: what is measured is one question, not a growing memory. */
const turn = (n: number): Turn => ({
  ...{ id: `turn-${n}`, at: Date.now(), origin: 'message', text: QUESTION },
  speaker: { channel: 'web', userId: 'alice@example.com', auth: 'local-switch' },
  conversation: { channel: 'web', id: `@bench-${n}` },
});

const caller = kind === 'bare' ? bare() : await turns();
let made = 0;

answering(
  { ready: true },
  async ({ count }: { count: number }) => {
    const before = process.cpuUsage();
    const began = performance.now();
    for (let n = 0; n < count; n += 1) await caller.once(made++);
    const { user, system } = process.cpuUsage(before);
    return { ms: (performance.now() - began) / count, cpuUs: (user + system) / count };
  },
  caller.close,
);
