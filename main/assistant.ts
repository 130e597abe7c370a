import { createAssistant } from '../bot/assistant.ts';
import type { AssistantParts } from '../bot/assistant-parts.ts';
import type { Assistant } from '../bot/bot-parts.ts';
import { openModel } from '../bot/llm/open-model.ts';
import { pricesOf } from '../bot/llm/prices.ts';
import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import type { FreshSecrets } from '../lib/fresh-secrets.ts';
import { tracedModel } from './traced.ts';

/**
 * The model's part, when a model is set up. Its SDK is loaded with the first question, or before it by `warm`.
 *
 * @throws OpsError `config_invalid` for a model without a known price: its cost could not be capped (L6)
 */
export function openAssistant(
  config: Config,
  parts: Omit<AssistantParts, 'model' | 'prices' | 'mode'>,
  secrets: FreshSecrets,
): Assistant | undefined {
  const opened = openModel(config, parts, secrets.of('ANTHROPIC_API_KEY'));
  if (!opened) return undefined;
  const model = tracedModel(opened, config.LLM_PROVIDER, parts.telemetry);
  const prices = pricesOf(config.LLM_MODEL ?? '', config.LLM_PRICE);
  if (prices) return createAssistant({ ...parts, model, prices, mode: config.EXECUTION_MODE });
  throw new OpsError(
    'config_invalid',
    `What ${config.LLM_MODEL} costs is not known, so its cost could not be capped.`,
    {
      hint: 'Set LLM_PRICE to <input>/<output> in USD per million tokens, for example 2/10.',
    },
  );
}
