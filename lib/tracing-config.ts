import { z } from 'zod';

const A_URL = 'use the base URL of an OTLP/HTTP collector, for example http://127.0.0.1:4318';
const RATIO = 'use a number from 0 to 1';

/**
 * The standard keys of traces, as far as OpsAgent has an opinion. Off without an endpoint.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export const tracingKeys = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: A_URL })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** `name=value` with commas between them; values are percent-encoded. May hold a secret. */
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .refine(isHeaders, 'use name=value with commas between them; write signs such as spaces as %20')
    .transform(readHeaders)
    .optional(),
  OTEL_SERVICE_NAME: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'use letters, digits, dots and dashes')
    .default('opsagent'),
  OTEL_TRACES_SAMPLER: z
    .enum(
      [
        'always_on',
        'always_off',
        'traceidratio',
        'parentbased_always_on',
        'parentbased_always_off',
        'parentbased_traceidratio',
      ],
      'use always_on, always_off, traceidratio or one of them after parentbased_',
    )
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number<string>(RATIO).min(0, RATIO).max(1, RATIO).default(1),
};

const HEADER = /^[\w.-]+=[\x21-\x7e]*$/;

const pairsOf = (text: string): string[] => text.split(',').map((pair) => pair.trim());

function isHeaders(text: string): boolean {
  try {
    return pairsOf(text).every((pair) => HEADER.test(pair) && /^[\x20-\x7e]*$/.test(decodeURIComponent(pair)));
  } catch {
    return false;
  }
}

function readHeaders(text: string): Record<string, string> {
  return Object.fromEntries(
    pairsOf(text).map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))];
    }),
  );
}
