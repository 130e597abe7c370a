import type { Secret } from '../../lib/secret.ts';
import { CLIENT_OPTIONS, createMessagesModel, type ModelParts } from './messages-model.ts';
import type { Model } from './model.ts';

interface AnthropicOptions {
  model: string;
  apiKey: Secret;
  /** 'https://api.anthropic.com', a gateway, or a test server on this machine. */
  baseURL: string;
}

/**
 * Claude at the Anthropic API. Key and address are always given: without them the SDK looks for a profile on the machine.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 */
export function createAnthropic({ model, apiKey, baseURL }: AnthropicOptions, parts: ModelParts): Model {
  const connect = async (key: string | undefined) => {
    const { Anthropic } = await import('@anthropic-ai/sdk');
    return new Anthropic({ ...CLIENT_OPTIONS, apiKey: key, baseURL }).messages;
  };
  return createMessagesModel({ provider: 'anthropic', model, secret: apiKey, connect }, parts);
}
