import { rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Door } from '../../adapters/http/door.ts';
import { createHttpServer, type HttpServer } from '../../adapters/http/server.ts';
import { systemClock } from '../../lib/clock.ts';
import { loadConfig } from '../../lib/config.ts';
import { sha256Hex } from '../../lib/ids.ts';
import { silentLog } from '../../lib/log.ts';
import { silentTelemetry } from '../../lib/telemetry.ts';
import { openAdmission } from '../../main/admission.ts';
import { compose, type House } from '../../main/compose.ts';
import { consoleData } from '../../main/console-data.ts';
import { type RealProvider, startRealProvider } from '../adapters/http/oidc-provider.ts';
import { type Answer, send } from '../adapters/web/web-harness.ts';
import { type Installation, install } from '../e2e/opsagent.ts';

const PUBLIC_URL = 'https://ops.example.com';
const KEY = 'oak_test';

interface Served {
  house: House;
  ask(headers: Record<string, string>, path?: string): Promise<Answer>;
  close(): Promise<void>;
}

/** Doors that answer with who was let in, behind what `main/admission.ts` makes of the configuration. */
async function serveWith(env: Record<string, string>): Promise<Served> {
  const house = await compose(loadConfig({ STORE: 'sqlite::memory:', LOG_LEVEL: 'silent', ...env }), silentTelemetry);
  const { admit, doors, forBrowsers } = openAdmission(house, () => server.port());
  const whoami = (path: string, channel: 'api' | 'mcp'): Door => ({
    method: 'GET',
    path,
    async answer(request) {
      const outcome = await admit(request, channel);
      return 'refused' in outcome ? outcome.refused : { status: 200, body: outcome.speaker };
    },
  });
  const all = forBrowsers([whoami('/chat', 'api'), whoami('/mcp', 'mcp'), ...doors]);
  const server: HttpServer = createHttpServer(
    async (request, response) => {
      const door = all.find(({ method, path }) => method === request.method && path === request.url);
      return door ? door.answer(request, response) : { status: 404, body: '' };
    },
    systemClock,
    silentLog,
  );
  await server.listen('127.0.0.1', 0);
  return {
    house,
    ask: (headers, path = '/chat') => send(server.port(), { path, headers }),
    async close() {
      await server.close();
      await house.close();
    },
  };
}

/** The house's clock runs ahead while this goes on. */
async function laterBy<T>(ms: number, { clock }: House, work: () => Promise<T>): Promise<T> {
  const { now } = clock;
  clock.now = () => now() + ms;
  try {
    return await work();
  } finally {
    clock.now = now;
  }
}

describe('who gets in, by configuration', function () {
  this.timeout(30_000);
  let provider: RealProvider;
  let files: Installation;
  let served: Served | undefined;
  let oidc: Record<string, string>;

  before(async () => {
    provider = await startRealProvider();
    files = install();
    oidc = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: 'https://api.example.com', PUBLIC_URL };
  });
  afterEach(async () => {
    await served?.close();
    served = undefined;
  });
  after(async () => {
    await provider.close();
    files.remove();
  });

  const bearer = async (account: string, resource: string) => ({
    authorization: `Bearer ${await provider.accessToken(account, resource)}`,
  });

  it('takes the access tokens of a real provider, for the audience that is set and for its own addresses [Q3]', async () => {
    served = await serveWith(oidc);

    const set = await served.ask(await bearer('u-alice', 'https://api.example.com'));
    const own = await served.ask(await bearer('u-alice', `${PUBLIC_URL}/mcp`), '/mcp');
    const other = await served.ask(await bearer('u-alice', 'https://other.example.com'));
    const idToken = await served.ask({
      authorization: `Bearer ${await provider.idToken('u-alice', 'https://api.example.com')}`,
    });

    expect(set.json).to.include({ userId: 'alice@example.com', auth: 'bearer' });
    expect(own.json).to.include({ channel: 'mcp', userId: 'alice@example.com' });
    expect([other.status, idToken.status]).to.deep.equal([401, 401]);
  });

  it('takes no token of somebody without a verified e-mail [Q3]', async () => {
    served = await serveWith(oidc);

    const unverified = await served.ask(await bearer('u-unverified', 'https://api.example.com'));
    const nameless = await served.ask(await bearer('u-nameless', 'https://api.example.com'));

    expect([unverified.status, nameless.status]).to.deep.equal([401, 401]);
    expect(unverified.json.message).to.include('not verified');
  });

  it('follows the provider to its new key, once half a minute has gone by [Q3]', async () => {
    served = await serveWith(oidc);
    const { house, ask } = served;
    const before = await ask(await bearer('u-alice', 'https://api.example.com'));
    await provider.rotate();
    const headers = await bearer('u-alice', 'https://api.example.com');

    const early = await ask(headers);
    const later = await laterBy(31_000, house, () => ask(headers));

    expect([before, early, later].map(({ status }) => status)).to.deep.equal([200, 401, 200]);
  });

  it('says where tokens come from, to clients that follow the refusal [Q3]', async () => {
    served = await serveWith(oidc);

    const refused = await served.ask({}, '/mcp');
    const [, address = ''] = /resource_metadata="([^"]+)"/.exec(String(refused.headers['www-authenticate'])) ?? [];
    const told = await served.ask({}, new URL(address).pathname);

    expect(refused.status).to.equal(401);
    expect(told.json).to.deep.include({ resource: `${PUBLIC_URL}/mcp`, authorization_servers: [provider.issuer] });
    expect((await served.ask({}, '/.well-known/oauth-protected-resource')).json.resource).to.equal(PUBLIC_URL);
  });

  it('lets everybody of this machine in only in LOCAL_MOCK where nobody can sign in [Q3]', async () => {
    served = await serveWith({});
    const mock = await served.ask({});
    await served.close();
    served = await serveWith(oidc);
    const withSignIn = await served.ask({});
    await served.close();
    const { OIDC_ISSUER = '' } = oidc;
    served = await serveWith({ OIDC_ISSUER, OIDC_CLIENT_ID: 'opsagent', OIDC_CLIENT_SECRET: 'secret' });
    const onlyConsole = await served.ask({ 'x-opsagent-person': 'bob@example.com' });
    await served.close();
    writeFileSync(files.path('people.yaml'), 'ada: {email: ada@example.com, roles: [admin]}');
    served = await serveWith({ EXECUTION_MODE: 'DRY_RUN', PEOPLE_FILE: files.path('people.yaml') });
    const dryRun = await served.ask({ 'x-opsagent-person': 'ada@example.com' });

    expect(mock.json).to.include({ userId: 'alice@example.com', auth: 'local-switch' });
    expect([withSignIn.status, onlyConsole.status, dryRun.status]).to.deep.equal([401, 401, 401]);
  });

  it('counts what somebody asks by REST and by MCP together: 1,000 at once, not 1,000 each [Q4]', async () => {
    served = await serveWith({});
    const { ask } = served;
    const statuses: number[] = [];

    for (let round = 0; round < 501; round += 1) statuses.push((await ask({})).status, (await ask({}, '/mcp')).status);
    const other = await ask({ 'x-opsagent-person': 'bob@example.com' });

    expect(statuses.filter((status) => status === 200)).to.have.length(1_000);
    expect(statuses.slice(1_000)).to.deep.equal([429, 429]);
    expect(other.status).to.equal(200);
  });

  it('reads the file of API keys again: a key that was taken out is nobody’s a second later [Q3]', async () => {
    const path = files.path('keys.yaml');
    const entry = (key: string) => `ci: {roles: [engineer], keys: [{sha256: ${sha256Hex(key)}}]}\n`;
    writeFileSync(path, entry(KEY));
    served = await serveWith({ API_KEYS_FILE: path });
    const { house, ask } = served;

    const before = await ask({ 'x-api-key': KEY });
    writeFileSync(path, entry('oak_another, longer'));
    const taken = await laterBy(1_000, house, () => ask({ 'x-api-key': KEY }));
    const known = await laterBy(1_000, house, async () => house.people.find('service:ci'));
    const inSwitcher = consoleData(house).person('service:ci');
    writeFileSync(path, '# nobody');
    const gone = await laterBy(3_000, house, async () => house.people.find('service:ci'));

    expect(before.json).to.include({ userId: 'service:ci', auth: 'api-key' });
    expect(taken.status).to.equal(401);
    expect(known).to.include({ service: true });
    expect(inSwitcher).to.equal(undefined);
    expect(gone).to.equal(undefined);
  });

  it('lets no program in once the file of API keys is gone, while one that is wrong keeps its last good keys [Q3]', async () => {
    const path = files.path('leaked.yaml');
    writeFileSync(path, `ci: {roles: [viewer], keys: [{sha256: ${sha256Hex(KEY)}}]}\n`);
    served = await serveWith({ API_KEYS_FILE: path });
    const { house, ask } = served;

    writeFileSync(path, 'ci: {roles: [');
    const wrong = await laterBy(1_000, house, () => ask({ 'x-api-key': KEY }));
    rmSync(path);
    const gone = await laterBy(2_000, house, () => ask({ 'x-api-key': KEY }));

    expect([wrong.status, gone.status]).to.deep.equal([200, 401]);
  });

  it('refuses a page that CORS_ORIGINS does not list, and lets one that it lists call [Q4]', async () => {
    served = await serveWith({ ...oidc, CORS_ORIGINS: 'https://chat.example.com' });

    const foreign = await served.ask({ origin: 'https://evil.example' });
    const own = await served.ask({ origin: PUBLIC_URL });
    const listed = await served.ask({
      origin: 'https://chat.example.com',
      ...(await bearer('u-alice', 'https://api.example.com')),
    });

    expect([foreign.status, own.status, listed.status]).to.deep.equal([403, 401, 200]);
    expect(listed.headers).to.include({ 'access-control-allow-origin': 'https://chat.example.com' });
  });
});
