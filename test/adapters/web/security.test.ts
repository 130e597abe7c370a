import { expect } from 'chai';
import fc from 'fast-check';
import { createHttpServer } from '../../../adapters/http/server.ts';
import { systemClock } from '../../../lib/clock.ts';
import { OpsError } from '../../../lib/errors.ts';
import { silentLog } from '../../../lib/log.ts';
import { send, startWeb, type WebHarness } from './web-harness.ts';

const alice = 'alice@example.com';
const turn = { id: '0b0f1a52-6c68-4f0e-9d7c-5f0b6f2f7a01', conversation: 'me', text: 'help' };

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

describe('web security', () => {
  let house: WebHarness;

  before(async () => {
    house = await startWeb();
  });
  after(() => house.close());

  for (const host of ['0.0.0.0', '::', '192.168.1.10', 'ops.example.com', '127.0.0.1.nip.io', '']) {
    it(`refuses to listen on "${host}" and names the fix [C3, O3]`, async () => {
      const server = createHttpServer(async () => 'written', systemClock, silentLog);

      const thrown = await failure(server.listen(host, 0));

      expect(thrown).to.be.instanceOf(OpsError).with.property('code', 'config_invalid');
      expect(thrown).to.have.property('hint').that.contains('HOST=127.0.0.1');
    });
  }

  it('says that a taken port is taken, with the key and a free one to try [O3]', async () => {
    const second = createHttpServer(async () => 'written', systemClock, silentLog);

    const thrown = await failure(second.listen('localhost', house.port));

    expect(thrown).to.be.instanceOf(OpsError).with.property('code', 'config_invalid');
    expect(thrown).to.have.property('message').that.contains(`PORT ${house.port}`);
    expect(thrown).to.have.property('hint').that.contains('set PORT');
  });

  it('answers to localhost, 127.0.0.1 and [::1] with its port only [C3]', async () => {
    const own = ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'].map((name) => `${name}:${house.port}`);
    const foreign = ['evil.example', `evil.example:${house.port}`, 'localhost', `localhost:${house.port + 1}`];
    foreign.push(
      `localhost.evil.example:${house.port}`,
      `user@localhost:${house.port}`,
      `127.0.0.1:${house.port}.evil.example`,
    );
    const statusFor = async (host: string) => (await house.send({ path: '/api/session', headers: { host } })).status;

    const answers = await Promise.all([...own, ...foreign].map(statusFor));

    expect(answers).to.deep.equal([...own.map(() => 200), ...foreign.map(() => 421)]);
  });

  it('refuses what a page of another site sends [C3]', async () => {
    const before = house.turns.length;
    const port = house.port;
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://localhost:${port + 1}` },
      { origin: `https://127.0.0.1:${port}` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];

    const answers = await Promise.all(
      foreign.map((headers) => house.send({ method: 'POST', path: '/api/turns', person: alice, headers, body: turn })),
    );
    const reads = await Promise.all(
      foreign.map((headers) => house.send({ path: '/api/conversations/me/messages', person: alice, headers })),
    );

    expect([...answers, ...reads].map(({ status }) => status)).to.deep.equal(Array(12).fill(403));
    expect(house.turns).to.have.length(before);
  });

  it('takes a turn from its own page', async () => {
    const headers = { origin: `http://127.0.0.1:${house.port}`, 'sec-fetch-site': 'same-origin' };

    const answer = await house.send({ method: 'POST', path: '/api/turns', person: alice, headers, body: turn });

    expect(answer.status).to.equal(200);
  });

  it('takes JSON only, so that no form of another page can post', async () => {
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonp', ''];

    const answers = await Promise.all(
      types.map((type) =>
        house.send({
          method: 'POST',
          path: '/api/turns',
          person: alice,
          headers: { 'content-type': type },
          body: JSON.stringify(turn),
        }),
      ),
    );

    expect(answers.map(({ status }) => status)).to.deep.equal(types.map(() => 415));
  });

  it('refuses a body over 256 KB', async () => {
    const body = JSON.stringify({ ...turn, text: 'x'.repeat(300 * 1024) });

    const answer = await house.send({ method: 'POST', path: '/api/turns', person: alice, body });

    expect(answer.status).to.equal(413);
    expect(answer.json).to.include({ code: 'input_invalid' });
  });

  const broken: Record<string, string> = {
    'JSON that is nested 100 000 deep': '['.repeat(100_000) + ']'.repeat(100_000),
    'JSON that is nested nine deep': `{"text":${'['.repeat(8)}${']'.repeat(8)}}`,
    'JSON that stops short': '{"id":',
    'a key twice': `{"id":"${turn.id}","conversation":"me","text":"help","te\\u0078t":"reboot"}`,
    'a key nobody knows': JSON.stringify({ ...turn, admin: true }),
    'a key of prototypes': `{"id":"${turn.id}","conversation":"me","text":"help","__proto__":{"person":"bob"}}`,
    'no text at all': JSON.stringify({ ...turn, text: '  \n ' }),
    'half a character': `{"id":"${turn.id}","conversation":"me","text":"\\ud800"}`,
    'an id that is no uuid': JSON.stringify({ ...turn, id: '../1' }),
    'text that nobody would see': JSON.stringify({ ...turn, text: '\u200b\u202e \u0007' }),
    'a list': '[]',
    nothing: '',
  };
  for (const [what, body] of Object.entries(broken)) {
    it(`refuses ${what} and says what to send`, async () => {
      const before = house.turns.length;

      const answer = await house.send({ method: 'POST', path: '/api/turns', person: alice, body });

      expect(answer.status).to.equal(400);
      expect(answer.json.code).to.equal('input_invalid');
      expect(answer.json.hint).to.be.a('string').that.is.not.equal('');
      expect(house.turns).to.have.length(before);
    });
  }

  it('names what two readers of the JSON could take differently, before any schema looks at it', async () => {
    const flaws = [broken['JSON that is nested nine deep'], broken['a key twice']];

    const answers = await Promise.all(
      flaws.map((body) => house.send({ method: 'POST', path: '/api/turns', person: alice, body })),
    );

    expect(answers[0]?.json.message).to.contain('nested more than 8 levels');
    expect(answers[1]?.json.message).to.contain('"text" twice');
  });

  it('never answers 5xx to a body, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.string({ unit: 'binary' })), async (body) => {
        const answer = await send(house.port, { method: 'POST', path: '/api/turns', person: alice, body });

        return answer.status >= 400 && answer.status < 500;
      }),
      { numRuns: 100 },
    );
  });

  it('sends its protective headers with every answer, errors included', async () => {
    const paths = ['/', '/api/session', '/api/nothing', '/nothing', '/health'];

    const answers = await Promise.all(paths.map((path) => house.send({ path })));

    for (const { headers } of answers) {
      expect(headers['content-security-policy']).to.contain("script-src 'self'").and.contain("frame-ancestors 'none'");
      expect(headers).to.include({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
      expect(headers).to.include({ 'cross-origin-opener-policy': 'same-origin' });
    }
  });

  it('changes nothing on GET, HEAD, PUT, DELETE and OPTIONS', async () => {
    const before = house.turns.length;
    const methods = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'];

    const answers = await Promise.all(
      methods.map((method) => house.send({ method, path: '/api/turns', person: alice, body: turn })),
    );

    expect(answers.map(({ status }) => status)).to.deep.equal(methods.map(() => 405));
    expect(house.turns).to.have.length(before);
  });

  it('shows nothing of its inside when something breaks, only an id that the log has', async () => {
    const data = { chain: () => Promise.reject(new Error('secret path /srv/x')) };
    const failing = await startWeb({ data });

    const answer = await failing.send({ path: '/api/audit/chain', person: alice });

    expect(answer.status).to.equal(500);
    expect(answer.json).to.include({ code: 'internal' });
    expect(answer.json.correlation_id).to.match(/^[0-9a-f-]{36}$/);
    expect(answer.text).not.to.contain('secret path');
    await failing.close();
  });
});
