import { expect } from 'chai';
import { withCors } from '../../../adapters/http/cors.ts';
import type { Door } from '../../../adapters/http/door.ts';
import { problem } from '../../../adapters/http/reply.ts';
import { createHttpServer, type HttpServer } from '../../../adapters/http/server.ts';
import { systemClock } from '../../../lib/clock.ts';
import { silentLog } from '../../../lib/log.ts';
import { send } from '../web/web-harness.ts';

const LISTED = 'https://chat.example.com';

describe('CORS', () => {
  let server: HttpServer;
  let called: number;

  before(async () => {
    const door = (method: Door['method'], path: string): Door => ({
      method,
      path,
      async answer() {
        called += 1;
        return path === '/mcp'
          ? problem(401, { code: 'unknown_person', message: 'who?', hint: 'say' }, { 'www-authenticate': 'Bearer' })
          : { status: 200, body: { ok: true } };
      },
    });
    const listed = [door('GET', '/openapi.json'), door('POST', '/chat'), door('GET', '/mcp'), door('POST', '/mcp')];
    const own = () => [`http://localhost:${server.port()}`];
    const doors = new Map(withCors(listed, { listed: [LISTED], own }).map((one) => [`${one.method} ${one.path}`, one]));
    server = createHttpServer(
      async (request, response) => {
        const found = doors.get(`${request.method} ${request.url}`);
        return found ? found.answer(request, response) : { status: 404, body: '' };
      },
      systemClock,
      silentLog,
    );
    await server.listen('127.0.0.1', 0);
  });
  beforeEach(() => {
    called = 0;
  });
  after(() => server.close());

  const ask = (method: string, path: string, headers: Record<string, string>) =>
    send(server.port(), { method, path, headers });

  it('lets a page of a listed origin ask, call, and read why it was refused; never with cookies [Q4]', async () => {
    const asked = await ask('OPTIONS', '/mcp', { origin: LISTED, 'access-control-request-method': 'POST' });
    const refused = await ask('POST', '/mcp', { origin: LISTED });

    expect(asked.status).to.equal(204);
    expect(asked.headers).to.include({
      'access-control-allow-origin': LISTED,
      'access-control-allow-methods': 'GET, POST',
      vary: 'origin',
    });
    for (const name of ['authorization', 'x-api-key', 'content-type', 'idempotency-key', 'mcp-protocol-version'])
      expect(asked.headers['access-control-allow-headers']).to.include(name);
    expect(refused.status).to.equal(401);
    expect(refused.headers).to.include({ 'access-control-allow-origin': LISTED, 'www-authenticate': 'Bearer' });
    expect(refused.headers['access-control-expose-headers']).to.include('www-authenticate');
    for (const { headers } of [asked, refused])
      expect(headers).not.to.have.property('access-control-allow-credentials');
  });

  const foreign = [
    'https://evil.example',
    'http://chat.example.com',
    'https://chat.example.com:8443',
    'https://chat.example.com/',
    'https://CHAT.example.com',
    'https://chat.example.com.evil.example',
    'https://evil-chat.example.com',
    'null',
    '',
    `${LISTED}, https://evil.example`,
  ];
  for (const origin of foreign) {
    it(`refuses a page of '${origin}' before anything is called, and says so to nobody else's page [Q4]`, async () => {
      const asked = await ask('OPTIONS', '/chat', { origin, 'access-control-request-method': 'POST' });
      const sent = await ask('POST', '/chat', { origin });
      const read = await ask('GET', '/openapi.json', { origin });

      for (const { status, headers, json } of [asked, sent, read]) {
        expect(status).to.equal(403);
        expect(json.hint).to.include('CORS_ORIGINS');
        expect(headers).not.to.have.property('access-control-allow-origin');
      }
      expect(called).to.equal(0);
    });
  }

  it('does not concern programs, which send no Origin, nor the pages of this server itself [Q4]', async () => {
    const program = await ask('POST', '/chat', {});
    const own = await ask('POST', '/chat', { origin: `http://localhost:${server.port()}` });
    const options = await ask('OPTIONS', '/chat', {});

    expect([program.status, own.status, options.status]).to.deep.equal([200, 200, 204]);
    for (const { headers } of [program, own, options])
      expect(headers).not.to.have.property('access-control-allow-origin');
    expect(options.headers.allow).to.equal('OPTIONS, POST');
  });
});
