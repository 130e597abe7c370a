import { CLIENT_OPTIONS, createMessagesModel, type ModelParts } from './messages-model.ts';
import type { Model } from './model.ts';

interface BedrockOptions {
  /** Model id or inference profile. */
  model: string;
  region: string;
  /** Unset: Bedrock itself. A test server on this machine. */
  baseURL?: string;
}

/**
 * Claude on Amazon Bedrock, signed with the AWS credentials the process finds, or with AWS_BEARER_TOKEN_BEDROCK where that is set.
 * The SDK never takes a key of the Anthropic API here. Needs `bedrock:InvokeModelWithResponseStream` on the model.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html
 */
export function createBedrock({ model, region, baseURL }: BedrockOptions, parts: ModelParts): Model {
  const connect = async () => {
    const { AnthropicBedrock } = await import('@anthropic-ai/bedrock-sdk');
    const address = baseURL ?? `https://bedrock-runtime.${region}.amazonaws.com`;
    return new AnthropicBedrock({ ...CLIENT_OPTIONS, awsRegion: region, baseURL: address }).messages;
  };
  return createMessagesModel({ provider: 'bedrock', model, connect }, parts);
}
