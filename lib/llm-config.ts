import { z } from 'zod';

const LOOPBACK = String.raw`http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?`;
const withoutSlash = (url: string) => url.replace(/\/+$/, '');

/** The keys of the language model. Which of them belong together is checked by `llmIssues`. */
export const llmKeys = {
  LLM_PROVIDER: z.enum(['none', 'anthropic', 'bedrock'], 'use none, anthropic or bedrock').default('none'),
  LLM_MODEL: z
    .string()
    .regex(/^\w[\w.:/-]{0,250}$/, 'use a model id as the vendor writes it, for example claude-sonnet-5-5')
    .optional(),
  /** Goes into a header as it is, and a header that cannot be sent is quoted in the error: only what can be sent gets in. */
  ANTHROPIC_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'use the key as the Anthropic console shows it, without spaces or line breaks')
    .optional(),
  ANTHROPIC_BASE_URL: z
    .string()
    .regex(
      new RegExp(String.raw`^(?:https:\/\/[\w.-]+(?::\d+)?|${LOOPBACK})(?:\/[\w./-]*)?$`),
      'use https://api.anthropic.com, the https:// address of your gateway, or a test server on this machine',
    )
    .transform(withoutSlash)
    .default('https://api.anthropic.com'),
  BEDROCK_BASE_URL: z
    .string()
    .regex(new RegExp(String.raw`^${LOOPBACK}\/?$`), 'use a test server on this machine, or nothing for Bedrock itself')
    .transform(withoutSlash)
    .optional(),
  /** '<input>/<output>', USD per million tokens; both above nothing, because a cap on cost never stops what is free. */
  LLM_PRICE: z
    .string()
    .regex(
      /^(?=[^/]*[1-9])\d{1,5}(\.\d{1,6})?\/(?=.*[1-9])\d{1,5}(\.\d{1,6})?$/,
      'use <input>/<output> in USD per million tokens, both more than 0, for example 4/20',
    )
    .optional(),
};

type Llm = z.output<z.ZodObject<typeof llmKeys>>;
interface Issue {
  key: keyof typeof llmKeys;
  message: string;
}

/** Keys that are missing beside others: half a set-up is refused at start, not at the first question. */
export function llmIssues(llm: Llm): Issue[] {
  const wanted: Issue[] = [];
  const want = (key: Issue['key'], message: string) => llm[key] === undefined && wanted.push({ key, message });
  switch (llm.LLM_PROVIDER) {
    // A key of Anthropic's may be in the environment for other programs; alone it asks for nothing.
    case 'none': {
      const idle = (['LLM_MODEL', 'LLM_PRICE', 'BEDROCK_BASE_URL'] as const).find((key) => llm[key]);
      if (idle) wanted.push({ key: 'LLM_PROVIDER', message: `say anthropic or bedrock, or take ${idle} away` });
      return wanted;
    }
    case 'anthropic':
      want('ANTHROPIC_API_KEY', 'set it; the Anthropic console makes one');
      want('LLM_MODEL', 'name the model, for example claude-sonnet-5-5');
      return wanted;
    case 'bedrock':
      want('LLM_MODEL', 'name the model or inference profile, for example global.anthropic.claude-sonnet-5-5');
      return wanted;
  }
}
