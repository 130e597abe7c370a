import type { Config } from '../../lib/config.ts';
import type { Secret } from '../../lib/secret.ts';
import { createAnthropic } from './anthropic.ts';
import { createBedrock } from './bedrock.ts';
import type { ModelParts } from './messages-model.ts';
import type { Model } from './model.ts';

/** The model the configuration names; undefined for LLM_PROVIDER=none. No SDK is loaded before `warm` or the first reply. */
export function openModel(
  config: Config,
  parts: ModelParts,
  apiKey: Secret | undefined = config.ANTHROPIC_API_KEY,
): Model | undefined {
  const { LLM_PROVIDER, LLM_MODEL: model } = config;
  // The configuration has been checked: a provider without its keys does not get here.
  if (LLM_PROVIDER === 'none' || model === undefined) return undefined;
  if (LLM_PROVIDER === 'bedrock')
    return createBedrock({ model, region: config.AWS_REGION, baseURL: config.BEDROCK_BASE_URL }, parts);
  return apiKey === undefined
    ? undefined
    : createAnthropic({ model, apiKey, baseURL: config.ANTHROPIC_BASE_URL }, parts);
}
