import { z } from 'zod';

const Port = z.coerce.number().int().min(0).max(65_535);

/** Every key the product reads, with its default. `.env.example` lists the same keys; a test compares them. */
const Environment = z.object({
  EXECUTION_MODE: z.enum(['LOCAL_MOCK', 'DRY_RUN', 'SANDBOX_LIVE']).default('LOCAL_MOCK'),
  ENVIRONMENT: z.string().min(1).optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: Port.default(3978),
  AWS_REGION: z.string().default('eu-west-1'),
  AWS_ENDPOINT_URL: z.url().optional(),
  STORE: z.string().regex(/^sqlite:.+/, 'use sqlite:<path>, for example sqlite:./data/opsagent.db').default('sqlite:./data/opsagent.db'),
  PEOPLE_FILE: z.string().min(1).optional(),
  POLICY_FILE: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Tests only: the process kills itself at this point of an execution (SAFETY §5.4). */
  CRASH_AT: z.enum(['', 'P5', 'P6', 'P7', 'P8', 'P9']).default(''),
});

export type Config = z.output<typeof Environment>;

/** The keys of `.env.example`. */
export const configKeys: readonly string[] = Object.keys(Environment.shape);
