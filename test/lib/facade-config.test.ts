import { expect } from 'chai';
import { loadConfig } from '../../lib/config.ts';
import { OpsError } from '../../lib/errors.ts';

const provider = { OIDC_ISSUER: 'https://login.example.com' };
const signIn = { ...provider, OIDC_CLIENT_ID: 'console', OIDC_CLIENT_SECRET: 'a secret' };

describe('the configuration of signing in, REST and MCP', () => {
  it('takes a provider for the console, for tokens, or for both [O3, C3]', () => {
    const config = loadConfig({
      ...signIn,
      OIDC_AUDIENCE: 'opsagent',
      CORS_ORIGINS: 'https://a.example, https://b.example',
    });

    expect(config).to.include({ ...signIn, OIDC_AUDIENCE: 'opsagent' });
    expect(config.CORS_ORIGINS).to.deep.equal(['https://a.example', 'https://b.example']);
  });

  it('listens beyond this machine where people sign in, and only there [C3]', () => {
    const beyond = { ...signIn, HOST: '0.0.0.0', PUBLIC_URL: 'https://ops.example.com' };

    expect(loadConfig(beyond).HOST).to.equal('0.0.0.0');
    for (const left of ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'PUBLIC_URL'] as const)
      expect(refusalOf({ ...beyond, [left]: '' })).to.match(/HOST|PUBLIC_URL/);
  });

  const halves: [given: Record<string, string>, wanted: RegExp][] = [
    [{ OIDC_AUDIENCE: 'opsagent' }, /^OIDC_ISSUER is not set/],
    [provider, /^OIDC_CLIENT_ID is not set: .*or OIDC_AUDIENCE/],
    [{ ...provider, OIDC_CLIENT_ID: 'console' }, /^OIDC_CLIENT_SECRET is not set/],
    [{ ...provider, OIDC_AUDIENCE: 'opsagent', OIDC_CLIENT_SECRET: 'a secret' }, /^OIDC_CLIENT_ID is not set/],
    [{ ...signIn, OIDC_ISSUER: 'http://login.example.com' }, /^OIDC_ISSUER is .*https:\/\//],
    [{ ...signIn, PUBLIC_URL: 'https://ops.example.com/console' }, /^PUBLIC_URL is .*take the path away/],
    [{ CORS_ORIGINS: '*' }, /^CORS_ORIGINS is .*https:\/\/chat\.example\.com/],
    [{ CONSOLE_FRAME_ANCESTORS: 'https://teams.microsoft.com/' }, /^CONSOLE_FRAME_ANCESTORS is /],
  ];
  for (const [given, wanted] of halves)
    it(`refuses ${JSON.stringify(given)} and names what is missing [O3]`, () => {
      expect(refusalOf(given)).to.match(wanted);
    });
});

function refusalOf(env: NodeJS.ProcessEnv): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof OpsError) return error.message;
    throw error;
  }
  throw new Error('the configuration was taken');
}
