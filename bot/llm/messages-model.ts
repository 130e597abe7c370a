import type Anthropic from '@anthropic-ai/sdk';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { keptWhile, reveal, type Secret } from '../../lib/secret.ts';
import { readReply, toParams } from './messages-api.ts';
import type { Model, ModelReply } from './model.ts';
import { readVendorError } from './model-errors.ts';
import { withRetries } from './retry.ts';

export interface ModelParts {
  clock: Clock;
  log: Log;
}

type MessagesClient = Pick<Anthropic['messages'], 'stream'>;

interface Vendor {
  provider: 'anthropic' | 'bedrock';
  /** Model id. */
  model: string;
  /** Must never be seen in an error. */
  secret?: Secret;
  /** Loads the SDK: called with the first reply, and when the secret is another one. */
  connect(secret: string | undefined): Promise<MessagesClient>;
}

/** What every client of one of the SDKs is told: each line switches off something that would happen behind our back. */
export const CLIENT_OPTIONS = {
  /** The tries are ours: bounded, logged and ended by the signal. */
  maxRetries: 0,
  /** Trace headers would carry our ids to the vendor. */
  openTelemetry: false,
  /** Otherwise ANTHROPIC_LOG=debug writes whole conversations, and a broken stream its text, to the console. */
  logLevel: 'off',
  /** A redirect would carry the key and the conversation to whatever address it names. */
  fetchOptions: { redirect: 'error' },
} as const;

/** A model behind the Messages API, whoever serves it. */
export function createMessagesModel(vendor: Vendor, { clock, log }: ModelParts): Model {
  const secretNow = () => vendor.secret && reveal(vendor.secret);
  const connect = keptWhile(secretNow, vendor.connect);
  return {
    name: `${vendor.provider} ${vendor.model}`,
    async warm() {
      // What is wrong is said with the first reply, to whoever asked.
      await connect().catch(() => undefined);
    },
    reply(request) {
      const params = toParams(vendor.model, request);
      const ask = async (signal: AbortSignal) => {
        return await stream(await connect(), params, signal);
      };
      const askOnce = (signal: AbortSignal) =>
        ask(signal).catch((thrown: unknown) => {
          throw readVendorError(thrown, secretNow());
        });
      return withRetries(askOnce, { clock, log, signal: request.signal });
    },
  };
}

/** Streams, though nobody watches: a stream has an end of its own, so an answer that was cut short cannot pass for a whole one. */
async function stream(
  client: MessagesClient,
  params: Anthropic.MessageStreamParams,
  signal: AbortSignal,
): Promise<ModelReply> {
  const inputs = new Map<number, string>();
  const events = client.stream(params, { signal });
  events.on('streamEvent', (event) => {
    if (event.type !== 'content_block_delta' || event.delta.type !== 'input_json_delta') return;
    inputs.set(event.index, (inputs.get(event.index) ?? '') + event.delta.partial_json);
  });
  return readReply(await events.finalMessage(), inputs);
}
