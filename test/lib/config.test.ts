import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { configKeys, loadConfig } from '../../lib/config.ts';
import { OpsError } from '../../lib/errors.ts';

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
      LOG_LEVEL: 'info',
      CRASH_AT: '',
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
      LOG_LEVEL: 'debug',
      CRASH_AT: 'P7',
    };

    const { version, ...config } = loadConfig(env);

    expect(config).to.deep.equal({ ...env, PORT: 0 });
    expect(Object.keys(env)).to.have.members([...configKeys]);
    expect(version).to.match(/^\d+\.\d+\.\d+/);
  });

  const wrong: [key: string, value: string, fix: RegExp][] = [
    ['EXECUTION_MODE', 'live', /LOCAL_MOCK, DRY_RUN or SANDBOX_LIVE/],
    ['HOST', '0.0.0.0', /127\.0\.0\.1, localhost or ::1; sign-in comes later/],
    ['PORT', 'http', /whole number from 0 to 65535/],
    ['PORT', '65536', /0 to 65535/],
    ['PORT', '80.5', /whole number/],
    ['AWS_REGION', 'Ireland', /eu-west-1/],
    ['AWS_ENDPOINT_URL', 'localhost:5000', /http:\/\/127\.0\.0\.1:5000/],
    ['STORE', './data/opsagent.db', /sqlite:<path>/],
    ['PEOPLE_FILE', './no-such-file.yaml', /no such file/],
    ['POLICY_FILE', '.', /no such file/],
    ['LOG_LEVEL', 'verbose', /debug, info, warn, error or silent/],
    ['CRASH_AT', 'P1', /P5, P6, P7, P8 or P9/],
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

  it('counts a key set to nothing as unset [O3]', () => {
    const blank = Object.fromEntries(configKeys.map((key) => [key, '']));

    const config = loadConfig(blank);

    expect(config).to.deep.equal(loadConfig({}));
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

          expect(message ?? '').to.not.match(/[\n\r\u2028]/);
          expect((message ?? '').length).to.be.below(700);
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

function messageOf(env: Record<string, string>): string | undefined {
  try {
    loadConfig(env);
    return undefined;
  } catch (error) {
    if (error instanceof OpsError) return error.message;
    throw error;
  }
}
