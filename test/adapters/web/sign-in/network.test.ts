import { expect } from 'chai';
import { addressToBind } from '../../../../adapters/http/security.ts';
import { createCookie } from '../../../../adapters/web/sign-in/cookies.ts';
import { OpsError } from '../../../../lib/errors.ts';
import { send } from '../web-harness.ts';
import { createJar } from './jar.ts';
import { createSignInHouse, type SignInHouse } from './sign-in-house.ts';

const PUBLIC = 'https://ops.example.com';

describe('the console beyond its own machine', () => {
  let house: SignInHouse;

  before(async () => {
    house = await createSignInHouse({
      config: { publicUrl: PUBLIC, frameAncestors: ['https://teams.microsoft.com', 'https://*.cloud.microsoft'] },
    });
  });
  after(() => house.close());

  const ask = (path: string, host: string, headers: Record<string, string> = {}) =>
    send(house.web.port, { path, headers: { host, ...headers } });

  it('answers to the name of PUBLIC_URL and to no other [C3]', async () => {
    const hosts = [
      'ops.example.com',
      'OPS.example.com',
      'ops.example.com:443',
      'ops.example.com.',
      'x.ops.example.com',
    ];
    hosts.push(`localhost:${house.web.port}`, `127.0.0.1:${house.web.port}`, '', 'ops.example.com@evil.example');

    const answers = await Promise.all(hosts.map((host) => ask('/api/session', host)));

    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, ...Array(7).fill(421)]);
    expect(answers.at(-1)?.json.hint).to.contain(PUBLIC);
  });

  it('counts a request as its own only from https and that name [C3, E6]', async () => {
    const origins = [
      PUBLIC,
      'http://ops.example.com',
      'https://ops.example.com:8443',
      'https://x.ops.example.com',
      'null',
    ];

    const answers = await Promise.all(origins.map((origin) => ask('/api/session', 'ops.example.com', { origin })));

    expect(answers.map(({ status }) => status)).to.deep.equal([200, 403, 403, 403, 403]);
  });

  it('tells browsers to come by https only, and lets pages frame it that are named, and no others [C3, E6]', async () => {
    const [framed, alone] = [await ask('/', 'ops.example.com'), await createSignInHouse()];
    const plain = await send(alone.web.port, { path: '/', headers: { host: new URL(alone.base).host } });

    expect(framed.headers['content-security-policy']).to.contain(
      'frame-ancestors https://teams.microsoft.com https://*.cloud.microsoft;',
    );
    expect(framed.headers['strict-transport-security']).to.equal('max-age=31536000');
    expect(plain.headers['content-security-policy']).to.contain("frame-ancestors 'none'");
    expect(plain.headers['strict-transport-security'], 'not on http').to.equal(undefined);
    await alone.close();
  });

  it('binds its cookies to https and this very host [C3, E6]', async () => {
    const answer = await ask('/auth/sign-in', 'ops.example.com');

    expect(answer.headers['set-cookie']?.[0]).to.match(
      /^__Host-opsagent-sign-in=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(new URL(answer.headers.location ?? '').searchParams.get('redirect_uri')).to.equal(`${PUBLIC}/auth/callback`);
    expect(createCookie('opsagent', true).set('x', 1)).to.equal(
      '__Host-opsagent=x; Max-Age=1; Path=/; HttpOnly; SameSite=Lax; Secure',
    );
  });

  it('tells a load balancer how it is and nothing more, and its numbers to nobody elsewhere [C3, A6]', async () => {
    const paths = ['/health', '/ready', '/metrics'];

    const near = await Promise.all(paths.map((path) => ask(path, `localhost:${house.web.port}`)));
    const far = await Promise.all(paths.map((path) => ask(path, '10.0.3.17:3978')));
    const proxied = await Promise.all(paths.map((path) => ask(path, 'ops.example.com')));

    expect(near.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    expect(near[0]?.json).to.include.keys('version', 'dependencies');
    for (const answers of [far, proxied]) {
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 404]);
      expect(answers.map(({ json }) => Object.keys(json))).to.deep.equal([
        ['status'],
        ['ready'],
        ['code', 'message', 'hint'],
      ]);
    }
  });

  it('binds another address only where people sign in, and only a real one [C3, O3]', () => {
    const bind = (host: string, listens: 'machine' | 'network') => {
      try {
        return addressToBind(host, { listens });
      } catch (error) {
        return error instanceof OpsError ? error.code : String(error);
      }
    };

    const hosts = ['127.0.0.1', '0.0.0.0', '::', '10.0.0.7', 'ops.example.com', ''];

    expect(hosts.map((host) => bind(host, 'machine'))).to.deep.equal(['127.0.0.1', ...Array(5).fill('config_invalid')]);
    expect(hosts.map((host) => bind(host, 'network'))).to.deep.equal([
      ...['127.0.0.1', '0.0.0.0', '::', '10.0.0.7', 'config_invalid', 'config_invalid'],
    ]);
  });

  it('changes nothing on any GET, whoever asks: a link is no decision [E5]', async () => {
    const local = await createSignInHouse();
    const jar = createJar();
    await local.signIn(jar, 'bob@example.com');
    const link = (await local.stepUp.link('bob@example.com', { id: 'apr-1', digest: 'd'.repeat(64) })) ?? '';
    const paths = [
      ...[
        '/',
        '/health',
        '/ready',
        '/metrics',
        '/api/session',
        '/api/sessions',
        '/api/approvals',
        '/api/approvals/apr-1',
      ],
      ...['/api/approvals?state=decided', '/api/audit', '/api/audit/chain', '/api/audit/choices', '/approvals/apr-1'],
      ...['/api/conversations/me/messages', '/auth/callback?code=x&state=y', '/auth/sign-out', '/api/sessions/end'],
      ...['/api/turns', link.replace(local.base, ''), '/approve/apr-1', '/api/approvals/apr-1/approve'],
    ];
    const before = [...local.written];

    for (const who of [jar, createJar()])
      for (const method of ['GET', 'HEAD'])
        for (const path of paths) await (await who.send(local.base + path, { method })).response.body?.cancel();

    expect(before, 'the link’s key and the sign-in').to.include.members(['step_up_key', 'web_session']);
    expect(local.written).to.deep.equal(before);
    expect(local.web.turns).to.deep.equal([]);
    await local.close();
  });
});
