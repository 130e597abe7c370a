import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { auditIssues, auditKeys } from './audit-config.ts';
import { awsIssues, awsKeys } from './aws-config.ts';
import { chatIssues, chatKeys } from './chat-config.ts';
import { OpsError } from './errors.ts';
import { facadeIssues, facadeKeys } from './facade-config.ts';
import { FilePath } from './file-path.ts';
import { fleetKeys } from './fleet-config.ts';
import { llmIssues, llmKeys } from './llm-config.ts';
import { MODES } from './modes.ts';
import { redact } from './redact.ts';
import { isReference, resolveReferences } from './remote-references.ts';
import { tracingKeys } from './tracing-config.ts';

const A_PORT = 'use a whole number from 0 to 65535; 0 takes any free port';
const Port = z.coerce.number<string>(A_PORT).int(A_PORT).min(0, A_PORT).max(65_535, A_PORT);
const Parameters = z
  .string()
  .regex(/^([\w.-]+|(\/[\w.-]+)+\/?)$/, 'use the name of a parameter, or a path that begins and ends with /')
  .optional();

/** Every key the product reads, with its default. `.env.example` lists the same keys; a test compares them. */
const Environment = z.object({
  EXECUTION_MODE: z.enum(MODES, 'use LOCAL_MOCK, DRY_RUN or SANDBOX_LIVE').default('LOCAL_MOCK'),
  ENVIRONMENT: z.string().min(1).optional(),
  HOST: z
    .union(
      [z.literal('localhost'), z.ipv4(), z.ipv6()],
      'use 127.0.0.1, localhost or ::1; where people sign in also another address of this machine, or 0.0.0.0 for all of them',
    )
    .default('127.0.0.1'),
  PORT: Port.default(3978),
  AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-\d$/, 'use the code of a Region, for example eu-west-1')
    .default('eu-west-1'),
  AWS_ENDPOINT_URL: z
    .url({ protocol: /^https?$/, error: 'use a whole URL, for example http://127.0.0.1:5000' })
    .optional(),
  STORE: z
    .string()
    .regex(
      /^(sqlite:.+|dynamodb:[\w.-]{3,255})$/,
      'use sqlite:<path>, for example sqlite:./data/opsagent.db, or dynamodb:<table>',
    )
    .default('sqlite:./data/opsagent.db'),
  PEOPLE_FILE: FilePath.optional(),
  PEOPLE_SSM: Parameters,
  POLICY_FILE: FilePath.optional(),
  POLICY_SSM: Parameters,
  /** Where the outcome of a call waits that the store could not take. */
  OUTCOME_SPOOL: z.string().min(1).optional(),
  ...auditKeys,
  ...facadeKeys,
  ...fleetKeys,
  ...awsKeys,
  ...chatKeys,
  ...llmKeys,
  ...tracingKeys,
  /** Where metrics go in CloudWatch's embedded metric format: `stdout`, or the path of a file. */
  METRICS_EMF: z.string().min(1).optional(),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], 'use debug, info, warn, error or silent')
    .default('info'),
  /** Tests only: the process kills itself at this point of an execution (SAFETY §5.4). */
  CRASH_AT: z.enum(['', 'P5', 'P6', 'P7', 'P8', 'P9'], 'use P5, P6, P7, P8 or P9; it is for tests').default(''),
});

export type Config = z.output<typeof Environment> & {
  /** Of package.json. */
  version: string;
  /** Key → where its value was read from: 'secretsmanager:…' or 'ssm:…'. */
  references: Readonly<Record<string, string>>;
};

/** The keys of `.env.example`. */
export const configKeys: readonly string[] = Object.keys(Environment.shape);

const PEOPLE_EXAMPLE = `ada:
  email: ada@example.com
  roles: [ops-lead]
  teams: [platform]`;

/** Outside the simulator the people of the examples must not be let in. */
const Checked = Environment.superRefine((config, context) => {
  const { EXECUTION_MODE, PEOPLE_FILE, PEOPLE_SSM } = config;
  for (const { key, message } of [
    ...chatIssues(config, EXECUTION_MODE),
    ...llmIssues(config),
    ...awsIssues(config, EXECUTION_MODE),
    ...auditIssues(config),
    ...facadeIssues(config),
    ...sourceIssues(config),
  ])
    context.addIssue({ code: 'custom', path: [key], message });
  if (EXECUTION_MODE === 'LOCAL_MOCK' || (PEOPLE_FILE ?? PEOPLE_SSM) !== undefined) return;
  const message = `name the file that lists who may use OpsAgent, or set PEOPLE_SSM; ${EXECUTION_MODE} reaches a real AWS account`;
  context.addIssue({ code: 'custom', path: ['PEOPLE_FILE'], message });
});

/** A value that is kept elsewhere and was not fetched, or is kept in two places. */
function sourceIssues(config: z.output<typeof Environment>): { key: string; message: string }[] {
  const unread = Object.entries(config).filter(([, value]) => isReference(value));
  const doubled = [['PEOPLE_FILE', 'PEOPLE_SSM'] as const, ['POLICY_FILE', 'POLICY_SSM'] as const].filter(
    ([file, parameters]) => config[file] !== undefined && config[parameters] !== undefined,
  );
  return [
    ...unread.map(([key]) => ({ key, message: 'write the value itself; a reference is not followed here' })),
    ...doubled.map(([file, key]) => ({ key, message: `take it away, or ${file}; one of them decides` })),
  ];
}

/** What AWS has to be asked with before the rest can be known. */
const AwsPlace = Environment.pick({ AWS_REGION: true, AWS_ENDPOINT_URL: true });

/**
 * `loadConfig` for a start: a key may hold a reference, `secretsmanager:…` or `ssm:…`, which is read from AWS first. The AWS SDK
 * is loaded only when there is one.
 *
 * @throws OpsError `config_invalid`; its message has a line for each wrong key or reference, and never what a reference led to
 */
export async function readConfig(env: NodeJS.ProcessEnv = processEnvironment()): Promise<Config> {
  const references = Object.fromEntries(
    configKeys.flatMap((key) => (isReference(env[key]) ? [[key, env[key]] as const] : [])),
  );
  if (Object.keys(references).length === 0) return loadConfig(env);
  const place = AwsPlace.safeParse(givenOf(env));
  if (!place.success) throw refusal(place.error, givenOf(env), {});
  const { AWS_REGION: region, AWS_ENDPOINT_URL: endpointUrl } = place.data;
  const { openRemoteConfig } = await import('./remote-config.ts');
  const values = await resolveReferences(references, openRemoteConfig({ region, endpointUrl }));
  return loadConfig({ ...env, ...values }, references);
}

/**
 * Reads and checks the configuration. A key set to nothing counts as unset; keys that are not ours are left alone.
 * Without `env` it reads the process's environment, filled up from `.env` where that file exists; the environment wins.
 *
 * @param references key → reference, for the keys whose value in `env` was read from AWS
 * @throws OpsError `config_invalid`; its message has one line for each wrong key: the key, what it holds, the fix
 */
export function loadConfig(
  env: NodeJS.ProcessEnv = processEnvironment(),
  references: Readonly<Record<string, string>> = {},
): Config {
  const given = givenOf(env);
  const parsed = Checked.safeParse(given);
  if (parsed.success) return { ...parsed.data, version: readVersion(), references };
  throw refusal(parsed.error, given, references);
}

function givenOf(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return Object.fromEntries(configKeys.flatMap((key) => (env[key] ? [[key, env[key]]] : [])));
}

function refusal(
  { issues }: z.ZodError,
  given: Readonly<Record<string, string | undefined>>,
  references: Readonly<Record<string, string>>,
): OpsError {
  const wrong = new Map(issues.map(({ path, message }) => [String(path[0]), message]));
  const lines = [...wrong].map(([key, fix]) => `${key} ${held(key, given[key], references[key])}: ${fix}.`);
  const example = wrong.has('PEOPLE_FILE') ? ` PEOPLE_FILE is YAML:\n${PEOPLE_EXAMPLE}` : '';
  return new OpsError('config_invalid', lines.join('\n'), {
    hint: `Correct this in the environment or in .env and start again; .env.example explains every key.${example}`,
    facts: { keys: [...wrong.keys()].join(' ') },
  });
}

function processEnvironment(): NodeJS.ProcessEnv {
  // Into the process's own environment, because the AWS SDK reads its AWS_* keys there.
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

export function readVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
}

/** What a key holds, in words; a secret that was put into the wrong key stays a secret. */
function held(key: string, value: string | undefined, reference: string | undefined): string {
  if (reference !== undefined) return `from ${reference} is something else`;
  if (!value) return 'is not set';
  const isSecret = SECRET.test(key) || SECRET_VALUE.test(value) || redact(value) !== value;
  return isSecret ? 'is set to something else' : `is ${quote(value)}`;
}

const SECRET = /SECRET|TOKEN|PASSWORD|API_KEY|REDIS_URL|OTLP_HEADERS/;
const SECRET_VALUE = /^(x(ox|app)|sk-)/i;

/** One short line, whatever was typed. */
function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
}
