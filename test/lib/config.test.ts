import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { configKeys, loadConfig } from '../../lib/config.ts';
import { OpsError } from '../../lib/errors.ts';
import { facadeKeys } from '../../lib/facade-config.ts';

const GUID = '0b6f6e1c-3d52-4a55-9a59-2f5f0e6f7a11';

describe('the configuration', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsagent-config-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('starts the simulator on loopback when nothing is set [O3]', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

    const config = loadConfig({});

    expect(config).to.deep.equal({
      EXECUTION_MODE: 'LOCAL_MOCK',
      HOST: '127.0.0.1',
      PORT: 3978,
      AWS_REGION: 'eu-west-1',
      STORE: 'sqlite:./data/opsagent.db',
      ROLE: 'all',
      LOG_LEVEL: 'info',
      AUDIT_REQUIRE_CHECKPOINTS: false,
      AWS_WRITE_SESSION_TAGS: false,
      AWS_REQUIRE_WRITE_ROLE: false,
      SLACK_API_URL: 'https://slack.com/api/',
      MICROSOFT_APP_TYPE: 'SingleTenant',
      LAMBDA_SINGLE_INSTANCE: false,
      TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK: false,
      LLM_PROVIDER: 'none',
      ANTHROPIC_BASE_URL: 'https://api.anthropic.com',
      OTEL_SERVICE_NAME: 'opsagent',
      OTEL_TRACES_SAMPLER: 'parentbased_always_on',
      OTEL_TRACES_SAMPLER_ARG: 1,
      CRASH_AT: '',
      references: {},
      version,
    });
  });

  it('takes every key that is right [O3]', () => {
    const people = join(folder, 'people.yaml');
    writeFileSync(people, 'people: []\n');
    const env = {
      EXECUTION_MODE: 'DRY_RUN',
      ENVIRONMENT: 'staging',
      HOST: '::1',
      PORT: '0',
      AWS_REGION: 'us-gov-west-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:5000',
      STORE: 'sqlite:/var/lib/opsagent/opsagent.db',
      PEOPLE_FILE: people,
      POLICY_FILE: people,
      OUTCOME_SPOOL: '/var/spool/opsagent.jsonl',
      REDIS_URL: 'rediss://:secret@redis.example.com:6380/1',
      ROLE: 'worker',
      AUDIT_KMS_KEY_ID: 'alias/audit',
      AUDIT_CHECKPOINTS: 'logs:/audit',
      AUDIT_PUBLIC_KEYS: people,
      AUDIT_COPY: 'logs:/audit',
      AUDIT_REQUIRE_CHECKPOINTS: 'true',
      AWS_WRITE_ROLE_ARN: 'arn:aws-us-gov:iam::123456789012:role/ops/OpsAgentWrite',
      AWS_WRITE_EXTERNAL_ID: 'opsagent-7f3a',
      AWS_WRITE_SESSION_TAGS: 'true',
      AWS_REQUIRE_WRITE_ROLE: 'true',
      LOG_LEVEL: 'debug',
      CRASH_AT: 'P7',
      PUBLIC_URL: 'https://ops.example.com',
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_SIGNING_SECRET: 's'.repeat(32),
      SLACK_APP_TOKEN: 'xapp-1',
      SLACK_API_URL: 'http://127.0.0.1:4000/api/',
      SLACK_CLIENT_ID: '1.2',
      SLACK_CLIENT_SECRET: 'c'.repeat(32),
      SLACK_WORKSPACES: 'T0123ABCD, E0123ABCD',
      MICROSOFT_APP_ID: GUID,
      MICROSOFT_APP_PASSWORD: 'p',
      MICROSOFT_APP_TENANT_ID: GUID,
      MICROSOFT_APP_TYPE: 'MultiTenant',
      TEAMS_TENANTS: GUID,
      LAMBDA_SINGLE_INSTANCE: 'true',
      TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK: 'false',
      LLM_PROVIDER: 'anthropic',
      LLM_MODEL: 'claude-sonnet-5-5',
      ANTHROPIC_API_KEY: 'sk-ant-1',
      ANTHROPIC_BASE_URL: 'https://gateway.example.com:8443/anthropic/',
      BEDROCK_BASE_URL: 'http://127.0.0.1:4010',
      LLM_PRICE: '0.25/1.5',
      METRICS_EMF: '/var/log/opsagent-metrics.jsonl',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example.com/otlp/',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%2Cb, x-tenant=',
      OTEL_SERVICE_NAME: 'ops',
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    };

    const { version, ...config } = loadConfig(env);

    expect(config).to.deep.equal({
      ...env,
      PORT: 0,
      references: {},
      AUDIT_CHECKPOINTS: { kind: 'logs', group: '/audit' },
      AUDIT_COPY: '/audit',
      AUDIT_REQUIRE_CHECKPOINTS: true,
      SLACK_WORKSPACES: ['T0123ABCD', 'E0123ABCD'],
      TEAMS_TENANTS: [GUID],
      AWS_WRITE_SESSION_TAGS: true,
      AWS_REQUIRE_WRITE_ROLE: true,
      LAMBDA_SINGLE_INSTANCE: true,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example.com/otlp',
      OTEL_EXPORTER_OTLP_HEADERS: { 'api-key': 'a,b', 'x-tenant': '' },
      OTEL_TRACES_SAMPLER_ARG: 0.25,
      TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK: false,
      ANTHROPIC_BASE_URL: 'https://gateway.example.com:8443/anthropic',
    });
    const others = ['PEOPLE_SSM', 'POLICY_SSM', 'AUDIT_SIGNING_KEY_FILE', ...Object.keys(facadeKeys)];
    expect([...Object.keys(env), ...others]).to.have.members([...configKeys]);
    expect(version).to.match(/^\d+\.\d+\.\d+/);
  });

  const wrong: [key: string, value: string, fix: RegExp][] = [
    ['EXECUTION_MODE', 'live', /LOCAL_MOCK, DRY_RUN or SANDBOX_LIVE/],
    ['HOST', '0.0.0.0', /127\.0\.0\.1, localhost, ::1; beyond this machine people must sign in/],
    ['PORT', 'http', /whole number from 0 to 65535/],
    ['AWS_WRITE_ROLE_ARN', 'OpsAgentWrite', /use the ARN of a role/],
    ['AWS_REQUIRE_WRITE_ROLE', 'maybe', /true or false/],
    ['PORT', '65536', /0 to 65535/],
    ['PORT', '80.5', /whole number/],
    ['AWS_REGION', 'Ireland', /eu-west-1/],
    ['AWS_ENDPOINT_URL', 'localhost:5000', /http:\/\/127\.0\.0\.1:5000/],
    ['STORE', './data/opsagent.db', /sqlite:<path>/],
    ['STORE', 'dynamodb:no/table', /dynamodb:<table>/],
    ['PEOPLE_FILE', './no-such-file.yaml', /no such file/],
    ['POLICY_FILE', '.', /no such file/],
    ['PEOPLE_SSM', 'people/', /name of a parameter, or a path/],
    ['POLICY_SSM', '/opsagent policy', /name of a parameter, or a path/],
    ['LOG_LEVEL', 'verbose', /debug, info, warn, error or silent/],
    ['CRASH_AT', 'P1', /P5, P6, P7, P8 or P9/],
    ['LLM_PROVIDER', 'openai', /none, anthropic or bedrock/],
    ['ANTHROPIC_BASE_URL', 'http://api.anthropic.com', /https:\/\//],
  ];
  for (const [key, value, fix] of wrong) {
    it(`names ${key}, the value '${value}' and the fix [O3]`, () => {
      const error = refusalOf({ [key]: value });

      expect(error.message)
        .to.match(new RegExp(`^${key} is "[^"]*": `))
        .and.match(fix);
      expect(error.message).to.include(value).and.not.include('\n');
      expect(error.hint).to.include('.env.example');
    });
  }

  it('refuses an address with a name in it without quoting what may be a password [O3, A5]', () => {
    for (const value of ['http://localhost:80@evil.example', 'https://me@evil.example'])
      expect(refusalOf({ ANTHROPIC_BASE_URL: value }).message).to.match(/^ANTHROPIC_BASE_URL is (?!.*:80@).*https:/);
  });

  it('has one line for each wrong key [O3]', () => {
    const error = refusalOf({ PORT: '-1.5', HOST: 'example.com', LOG_LEVEL: 'loud' });

    expect(error.message.split('\n').map((line) => line.split(' ')[0])).to.have.members(['HOST', 'PORT', 'LOG_LEVEL']);
  });

  for (const mode of ['DRY_RUN', 'SANDBOX_LIVE']) {
    it(`refuses ${mode} without a list of people and shows how one looks [O3, G2]`, () => {
      const error = refusalOf({ EXECUTION_MODE: mode });

      expect(error.message).to.match(/^PEOPLE_FILE is not set: name the file/);
      expect(error.hint).to.include('ada:\n  email: ada@example.com\n');
    });
  }

  it('takes people and policy from Parameter Store instead of files, and not from both [O3, G2]', () => {
    const remote = { EXECUTION_MODE: 'SANDBOX_LIVE', PEOPLE_SSM: '/opsagent/people/', POLICY_SSM: 'policy' };

    expect(loadConfig(remote)).to.include(remote);
    expect(refusalOf({ ...remote, PEOPLE_FILE: 'package.json', POLICY_FILE: 'package.json' }).message).to.match(
      /^PEOPLE_SSM is .*: take it away, or PEOPLE_FILE.*\nPOLICY_SSM is .*: take it away, or POLICY_FILE/,
    );
  });

  it('follows no reference where AWS is not asked, and never takes one for the secret [O3, A5]', () => {
    const { message } = refusalOf({ SLACK_APP_TOKEN: 'xapp-1', SLACK_SIGNING_SECRET: 'ssm:/opsagent/signing-secret' });

    expect(message).to.match(/SLACK_SIGNING_SECRET is set to something else: write the value itself/);
  });

  it('names the reference of a value that is wrong, and not the value [O3, A5]', () => {
    const env = { SLACK_BOT_TOKEN: 's3cr3t', PORT: 's3cr3t', AWS_REGION: 'mars' };
    const from = { SLACK_BOT_TOKEN: 'secretsmanager:ops/slack#bot', PORT: 'ssm:/ops/port' };

    const message = messageOf(env, from);

    expect(message)
      .to.match(/^SLACK_BOT_TOKEN from secretsmanager:ops\/slack#bot is something else: use the Bot User/m)
      .and.match(/^PORT from ssm:\/ops\/port is something else: use a whole number/m)
      .and.match(/^AWS_REGION is "mars"/m)
      .and.not.contain('s3cr3t');
  });

  it('counts a key set to nothing as unset [O3]', () => {
    const blank = Object.fromEntries(configKeys.map((key) => [key, '']));

    const config = loadConfig(blank);

    expect(config).to.deep.equal(loadConfig({}));
  });

  const half: [title: string, env: Record<string, string>, said: RegExp][] = [
    [
      'a bot token without anything to check requests by',
      { SLACK_BOT_TOKEN: 'xoxb-1' },
      /SLACK_SIGNING_SECRET is not set/,
    ],
    [
      'an empty signing secret',
      { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: '' },
      /SLACK_SIGNING_SECRET is not set/,
    ],
    ['a signing secret without a bot', { SLACK_SIGNING_SECRET: 's'.repeat(32) }, /SLACK_BOT_TOKEN is not set/],
    [
      'an install route for any workspace',
      { SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 'c'.repeat(32), SLACK_SIGNING_SECRET: 's'.repeat(32) },
      /SLACK_WORKSPACES is not set[\s\S]*PUBLIC_URL is not set/,
    ],
    ['a Slack that is somewhere else', { SLACK_API_URL: 'https://slack.com.evil.example/api/' }, /SLACK_API_URL is/],
    ['Teams without an app id', { MICROSOFT_APP_PASSWORD: 'p' }, /MICROSOFT_APP_ID is not set: .*anybody could speak/],
    [
      'the id of a secret for the secret',
      { MICROSOFT_APP_ID: GUID, MICROSOFT_APP_PASSWORD: GUID, MICROSOFT_APP_TENANT_ID: GUID },
      /MICROSOFT_APP_PASSWORD .*Secret ID/,
    ],
    ['an app id without its secret', { MICROSOFT_APP_ID: GUID }, /MICROSOFT_APP_PASSWORD is not set/],
    [
      'a bot of every tenant',
      { MICROSOFT_APP_ID: GUID, MICROSOFT_APP_PASSWORD: 'p', MICROSOFT_APP_TYPE: 'MultiTenant' },
      /TEAMS_TENANTS is not set/,
    ],
    [
      'an unchecked Teams beside real AWS',
      { TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK: 'true', EXECUTION_MODE: 'DRY_RUN', PEOPLE_FILE: 'package.json' },
      /TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK is .*only LOCAL_MOCK/,
    ],
    [
      'an unchecked Teams with an app id',
      {
        TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK: 'true',
        ...{ MICROSOFT_APP_ID: GUID, MICROSOFT_APP_PASSWORD: 'p', MICROSOFT_APP_TENANT_ID: GUID },
      },
      /take it away where MICROSOFT_APP_ID is set/,
    ],
  ];
  const halfModel: [title: string, env: Record<string, string>, said: RegExp][] = [
    [
      'a model that nobody serves',
      { LLM_MODEL: 'claude-sonnet-5-5' },
      /LLM_PROVIDER is not set: .*take LLM_MODEL away/,
    ],
    [
      'Anthropic without key and model',
      { LLM_PROVIDER: 'anthropic' },
      /ANTHROPIC_API_KEY is not set: [\s\S]*LLM_MODEL is not set: /,
    ],
    ['Bedrock without a model', { LLM_PROVIDER: 'bedrock' }, /^LLM_MODEL is not set: .*inference profile/],
  ];
  for (const [title, env, said] of halfModel) {
    it(`refuses ${title} [L5, O3]`, () => {
      expect(messageOf(env)).to.match(said);
    });
  }

  const wrongModel: [key: string, value: string, fix: RegExp][] = [
    ['LLM_MODEL', '../claude', /claude-sonnet-5-5/],
    ['BEDROCK_BASE_URL', 'https://bedrock.example.com', /on this machine/],
    ['LLM_PRICE', '4', /<input>\/<output>/],
    ['LLM_PRICE', '0.0/20', /both more than 0/],
    ['LLM_PRICE', '4/0', /both more than 0/],
  ];
  for (const [key, value, fix] of wrongModel) {
    it(`names ${key}, the value '${value}' and the fix [L5, O3]`, () => {
      const { message } = refusalOf({ LLM_PROVIDER: 'bedrock', LLM_MODEL: 'm', [key]: value });

      expect(message).to.match(fix).and.include(`${key} is "${value}": `).and.not.include('\n');
    });
  }

  it('takes Bedrock with nothing but a model, and a test server on this machine [L5, O3]', () => {
    const env = { LLM_PROVIDER: 'bedrock', LLM_MODEL: 'eu.anthropic.claude-sonnet-5-5' };

    expect(loadConfig(env)).to.include(env);
    expect(loadConfig({ ...env, BEDROCK_BASE_URL: 'http://[::1]:9/' }).BEDROCK_BASE_URL).to.equal('http://[::1]:9');
  });

  it('refuses a Redis of another kind and a role that there is not, without repeating a password [A5, O3]', () => {
    const message = messageOf({ REDIS_URL: 'http://:s3cr@redis.example.com', ROLE: 'boss' });

    expect(message)
      .to.include('REDIS_URL is set to something else: use redis://')
      .and.include('ROLE is "boss": use all, web or worker')
      .and.not.include('s3cr');
  });

  it('does not repeat a model key that is wrong or in the wrong place [A5, L5, O3]', () => {
    const misplaced: Record<string, string>[] = [
      { ANTHROPIC_API_KEY: 'sk ant s3cr' },
      { LLM_MODEL: 'sk-ant-s3cr!' },
      { LLM_PRICE: 'sk-ant-s3cr' },
    ];

    for (const env of misplaced) {
      expect(messageOf(env), JSON.stringify(env))
        .to.match(/is set to something else/)
        .and.not.contain('s3cr');
    }
  });

  for (const [title, env, said] of half) {
    it(`refuses ${title} [C1, C2, O3]`, () => {
      expect(messageOf(env)).to.match(said);
    });
  }

  it('does not repeat a secret that is wrong or in the wrong place [A5, O3]', () => {
    for (const key of ['SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'MICROSOFT_APP_ID', 'PUBLIC_URL']) {
      expect(messageOf({ [key]: 'xoxb-s3cr' }), key)
        .to.match(/is set to something else/)
        .and.not.contain('s3cr');
    }
  });

  it('leaves keys alone that are not ours', () => {
    const config = loadConfig({ OPSAGENT_PORT: 'x', HOME: '/root' });

    expect(config).to.deep.equal(loadConfig({}));
  });

  it('keeps each complaint on one short line, whatever was typed [O3]', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...configKeys),
        fc.string({ minLength: 1, maxLength: 300, unit: 'binary' }),
        (key, value) => {
          const message = messageOf({ [key]: value });

          expect(message ?? '').to.not.match(/[\r\u2028]/);
          expect((message ?? '').split('\n').length).to.be.below(6);
          expect((message ?? '').length).to.be.below(1000);
        },
      ),
    );
  });

  it('fills up the environment from .env, which never overrides it [O3]', () => {
    writeFileSync(join(folder, '.env'), 'PORT=4001\nLOG_LEVEL=warn\n');
    const module = new URL('../../lib/config.ts', import.meta.url).href;
    const script = `import { loadConfig } from '${module}'; process.stdout.write(JSON.stringify(loadConfig()));`;

    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder,
      env: { PATH: process.env.PATH, LOG_LEVEL: 'error' },
      encoding: 'utf8',
    });

    expect(JSON.parse(run.stdout)).to.include({ PORT: 4001, LOG_LEVEL: 'error' });
  });
});

function refusalOf(env: Record<string, string>): OpsError {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof OpsError && error.code === 'config_invalid') return error;
    throw error;
  }
  throw new Error('the configuration was taken');
}

function messageOf(env: Record<string, string>, references?: Record<string, string>): string | undefined {
  try {
    loadConfig(env, references);
    return undefined;
  } catch (error) {
    if (error instanceof OpsError) return error.message;
    throw error;
  }
}
