import { type ChatCompletionRequest, LLMock } from '@copilotkit/aimock';
import type { Subject } from '../../evals/house.ts';
import { openSubject } from '../../evals/score-model.ts';
import { loadConfig } from '../../lib/config.ts';
import type { JsonObject } from '../../lib/json.ts';

/** What a model does when it is asked once. */
export type Move = { says: string } | { calls: readonly (readonly [tool: string, input: JsonObject])[] };
type Player = (request: ChatCompletionRequest) => Move;

/** One move for each request, in order; a move may look at what was read. */
export type Script = readonly (Move | Player)[];

/** A vendor over HTTP that streams as the real one does, and the product's own model before it. */
export interface Vendor {
  subject: Subject;
  /** What sets it up. */
  environment: Readonly<Record<string, string>>;
  play(player: Player): void;
  script(moves: Script): void;
  stop(): Promise<void>;
}

/** Of every answer: with the list price of the model, 0.003 USD. */
const usage = { input_tokens: 1000, output_tokens: 100 };

export async function openVendor(): Promise<Vendor> {
  const api = new LLMock({ port: 0, host: '127.0.0.1', strict: true });
  let player: Player = () => ({ says: 'There is no script.' });
  api.on({}, (request) => {
    const move = player(request);
    if ('says' in move) return { content: move.says, usage };
    const toolCalls = move.calls.map(([name, input]) => ({ name, arguments: JSON.stringify(input) }));
    return { toolCalls, usage };
  });
  await api.start();
  const environment = {
    LLM_PROVIDER: 'anthropic',
    LLM_MODEL: 'claude-sonnet-5-5',
    ANTHROPIC_API_KEY: 'a-key-of-nobody',
    ANTHROPIC_BASE_URL: api.url,
  };
  const subject = openSubject(loadConfig(environment));
  if (!subject) throw new Error('the configuration opened no model');
  return {
    subject,
    environment,
    play: (next) => {
      player = next;
    },
    script(moves) {
      const left = [...moves];
      player = (request) => {
        const move = left.shift() ?? { says: 'The script is over.' };
        return typeof move === 'function' ? move(request) : move;
      };
    },
    stop: () => api.stop(),
  };
}

/** 'reboot it' of '… Alice says: reboot it', or nothing when the last message is what tools gave. */
export function saidLast({ messages }: ChatCompletionRequest): string | undefined {
  const last = messages.at(-1);
  if (last?.role !== 'user') return undefined;
  const text = typeof last.content === 'string' ? last.content : JSON.stringify(last.content);
  return text.slice(text.lastIndexOf(' says: ') + ' says: '.length);
}
