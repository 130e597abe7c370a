import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { signingSecret } from '../adapters/slack/signed-requests.ts';
import { type SlackApi, startSlackApi } from '../adapters/slack/slack-api.ts';
import { botToken } from '../adapters/slack/slack-world.ts';
import { askHealth } from './ask-health.ts';
import { ALICE, type Installation, install } from './opsagent.ts';
import { type Serving, serveIn } from './serving.ts';
import { type Heard, hold, sendRaw } from './wire.ts';

const DOORS = ['/api/turns', '/operations/propose', '/chat', '/mcp', '/slack/events', '/api/messages'];
/** Every time-out of a connection, and the second after which it is looked at. */
const CUT_WITHIN_MS = 7_500;

/** The whole program with every door open, and a sender that means harm. What it withstands for longer: `npm run campaign hostile`. */
describe('opsagent serve, under attack', function () {
  this.timeout(40_000);
  let slack: SlackApi;
  let house: Installation;
  let server: Serving;
  let host: string;

  before(async () => {
    slack = await startSlackApi();
    house = install({ TEAMS_ALLOW_UNAUTHENTICATED_LOOPBACK: 'true', SLACK_API_URL: slack.apiUrl });
    server = await serveIn(house, { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret });
    host = `Host: 127.0.0.1:${server.port}`;
  });

  after(async () => {
    server.signal('SIGTERM');
    const { stderr } = await server.ended;
    house.remove();
    await slack.close();
    expect(stderr, 'nothing that a stranger sends is an error of ours').not.to.match(/"level":[56]0/);
  });

  const post = (path: string, headers: string, body = '') =>
    `POST ${path} HTTP/1.1\r\n${host}\r\nx-opsagent-person: ${ALICE}\r\ncontent-type: application/json\r\n${headers}\r\n${body}`;
  const whole = (path: string, body: string) => post(path, `content-length: ${Buffer.byteLength(body)}\r\n`, body);
  /** Of an answer to much more than is taken nobody may hear: who still sends when the connection ends is told that alone. */
  const isRefused = ({ statuses, closed }: Heard) =>
    closed && statuses.length < 2 && statuses.every((status) => status >= 400 && status < 500);

  async function expectWell(): Promise<void> {
    const { status, ms } = await askHealth(server.port);
    expect(status).to.equal(200);
    expect(ms).to.be.lessThan(2_000);
  }

  const bodies: Record<string, () => string> = {
    'JSON nested 100,000 deep': () => '{"text":'.repeat(25_000) + '['.repeat(75_000),
    'JSON that is closed, 50,000 deep': () => '['.repeat(50_000) + ']'.repeat(50_000),
    'a million keys': () => `{${Array.from({ length: 1_000_000 }, (_, key) => `"k${key}":0`).join()}}`,
    'twenty thousand keys': () => `{${Array.from({ length: 20_000 }, (_, key) => `"k${key}":0`).join()}}`,
    'one text of 250 KB': () => JSON.stringify({ id: 'x', text: 'x'.repeat(250_000) }),
    'the key __proto__': () => '{"__proto__":{"service":true},"constructor":{"prototype":{"x":1}}}',
  };
  for (const [what, make] of Object.entries(bodies)) {
    it(`refuses ${what} at every door, and goes on [E9]`, async () => {
      const body = make();

      const answers = await Promise.all(
        DOORS.map((door) =>
          sendRaw(server.port, [whole(door, body).replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n')]),
        ),
      );

      for (const [at, answer] of answers.entries())
        expect(isRefused(answer), `${DOORS[at]} ${answer.text}`).to.equal(true);
      await expectWell();
    });
  }

  it('refuses a gigabyte that is only announced, at every door, before it comes [E9]', async () => {
    const announced = (door: string) => post(door, `content-length: ${1024 ** 3}\r\n`, '{"a":');

    const answers = await Promise.all(DOORS.map((door) => sendRaw(server.port, [announced(door)], CUT_WITHIN_MS)));

    expect(answers.map(({ statuses, closed }) => ({ statuses, closed }))).to.deep.equal(
      DOORS.map(() => ({ statuses: [413], closed: true })),
    );
  });

  /** Each carries a second request that a proxy in front might not have seen as one. */
  const hidden = () => `GET /health HTTP/1.1\r\n${host}\r\n\r\n`;
  const smuggled: Record<string, () => string> = {
    'two lengths': () => post('/api/turns', 'content-length: 0\r\ncontent-length: 5\r\n', hidden()),
    'two equal lengths': () => post('/api/turns', 'content-length: 0\r\ncontent-length: 0\r\n', hidden()),
    'a list of lengths': () => post('/api/turns', 'content-length: 0, 0\r\n', hidden()),
    'a length with a sign': () => post('/api/turns', 'content-length: +0\r\n', hidden()),
    'a length in hexadecimal': () => post('/api/turns', 'content-length: 0x0\r\n', hidden()),
    'a length and chunks': () =>
      post('/api/turns', 'content-length: 4\r\ntransfer-encoding: chunked\r\n', `0\r\n\r\n${hidden()}`),
    'chunks and a length': () =>
      post('/api/turns', 'transfer-encoding: chunked\r\ncontent-length: 4\r\n', `0\r\n\r\n${hidden()}`),
    'chunks under another name': () => post('/api/turns', 'transfer-encoding: xchunked\r\n', `0\r\n\r\n${hidden()}`),
    'chunks that are not last': () =>
      post('/api/turns', 'transfer-encoding: chunked, identity\r\n', `0\r\n\r\n${hidden()}`),
    'two transfer encodings': () =>
      post(
        '/api/turns',
        'transfer-encoding: identity\r\ntransfer-encoding: chunked\r\ncontent-length: 1\r\n',
        `0\r\n\r\n${hidden()}`,
      ),
    'a blank before the colon': () =>
      post('/api/turns', 'content-length : 0\r\ntransfer-encoding : chunked\r\n', `0\r\n\r\n${hidden()}`),
    'a folded header': () => post('/api/turns', 'x-a: b\r\n content-length: 0\r\n', hidden()),
    'a line that ends in LF': () => `GET /nothing HTTP/1.1\n${host}\n\n${hidden()}`,
    'a NUL in a header': () => `GET /nothing HTTP/1.1\r\n${host}\r\nx-a: b\0c\r\n\r\n${hidden()}`,
    'a chunk size that overflows': () =>
      post('/api/turns', 'transfer-encoding: chunked\r\n', `fffffffffffffffff1\r\n${hidden()}`),
    'a chunk extension with LF': () =>
      post('/api/turns', 'transfer-encoding: chunked\r\n', `1;a\n\r\nx\r\n0\r\n\r\n${hidden()}`),
    'no version': () => `GET /nothing\r\n\r\n${hidden()}`,
    'no host': () => `GET /nothing HTTP/1.1\r\n\r\n${hidden()}`,
    'the preface of HTTP/2': () => `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hidden()}`,
    'the greeting of TLS': () => `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${hidden()}`,
  };
  for (const [what, make] of Object.entries(smuggled)) {
    it(`answers no second request that is hidden behind ${what} [E9]`, async () => {
      const { statuses, closed, text } = await sendRaw(server.port, [make()], 2_000);

      expect({ statuses, closed }, text).to.deep.equal({ statuses: [400], closed: true });
    });
  }

  const large: [string, number, () => string][] = [
    ['a header of 20 KB', 431, () => `GET /health HTTP/1.1\r\n${host}\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`],
    ['ten thousand headers', 431, () => `GET /health HTTP/1.1\r\n${host}\r\n${'x: y\r\n'.repeat(10_000)}\r\n`],
    ['an address of 20 KB', 431, () => `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n\r\n`],
    [
      'two names of itself',
      400,
      () => `GET /api/session HTTP/1.1\r\n${host}\r\nHost: evil.example\r\nconnection: close\r\n\r\n`,
    ],
    ['a method nobody knows', 400, () => `BREW /pot HTTP/1.1\r\n${host}\r\n\r\n`],
    [
      'a cookie of 15 KB',
      404,
      () => `GET /nothing HTTP/1.1\r\n${host}\r\ncookie: ${'a=b; '.repeat(3_000)}\r\nconnection: close\r\n\r\n`,
    ],
    [
      'an expectation nobody has',
      417,
      () => `GET /health HTTP/1.1\r\n${host}\r\nexpect: wonders\r\nconnection: close\r\n\r\n`,
    ],
  ];
  for (const [what, status, make] of large) {
    it(`answers ${what} with ${status} [E9]`, async () => {
      expect((await sendRaw(server.port, [make()])).statuses).to.deep.equal([status]);
    });
  }

  it('asks nobody to upgrade or to tunnel [E9]', async () => {
    const asked = [
      `CONNECT 169.254.169.254:80 HTTP/1.1\r\n${host}\r\n\r\n`,
      `GET http://169.254.169.254/latest/meta-data HTTP/1.1\r\n${host}\r\nconnection: close\r\n\r\n`,
      `OPTIONS * HTTP/1.1\r\n${host}\r\nconnection: close\r\n\r\n`,
      `TRACE / HTTP/1.1\r\n${host}\r\nx-secret: 1\r\nconnection: close\r\n\r\n`,
      `GET /nothing HTTP/1.1\r\n${host}\r\nconnection: upgrade, close\r\nupgrade: h2c\r\n\r\n`,
    ];

    const answers = await Promise.all(asked.map((one) => sendRaw(server.port, [one])));

    for (const { statuses, closed, text } of answers) {
      expect(
        statuses.every((status) => status >= 400 && status < 500),
        text,
      ).to.equal(true);
      expect(closed).to.equal(true);
      expect(text).not.to.contain('x-secret');
    }
  });

  it('cuts off who sends a byte now and then, at every door, while it answers others [E9]', async () => {
    const letters = 'abcdefghij'.repeat(10);
    const dripping = [
      sendRaw(server.port, [], CUT_WITHIN_MS),
      sendRaw(server.port, letters, CUT_WITHIN_MS, 300),
      sendRaw(server.port, [`GET /health HTTP/1.1\r\n${host}\r\nx-a: `, ...letters], CUT_WITHIN_MS, 300),
      ...DOORS.map((door) =>
        sendRaw(server.port, [post(door, 'content-length: 1000\r\n', '{'), ...letters], CUT_WITHIN_MS, 300),
      ),
      sendRaw(
        server.port,
        [
          post('/api/turns', 'transfer-encoding: chunked\r\n', ''),
          ...(letters.replaceAll(/./g, '1\r\nx\r\n').match(/.{6}/gs) ?? []),
        ],
        CUT_WITHIN_MS,
        300,
      ),
    ];

    const meanwhile = await Promise.all([500, 2_000, 4_000].map((ms) => sleep(ms).then(() => askHealth(server.port))));
    const answers = await Promise.all(dripping);

    expect(meanwhile.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    expect(answers.filter(({ closed }) => !closed)).to.deep.equal([]);
    expect(answers.flatMap(({ statuses }) => statuses).filter((status) => status < 400 || status > 499)).to.deep.equal(
      [],
    );
  });

  it('answers a thousand requests of one packet once at most, and keeps none of their answers [E9]', async () => {
    const before = await residentBytes(server);
    const packet = `GET /openapi.json HTTP/1.1\r\n${host}\r\n\r\n`.repeat(1_000);

    const held = await hold(server.port, 20, () => packet);
    const one = await sendRaw(server.port, [packet]);
    await expectWell();
    const grown = (await residentBytes(server)) - before;
    held.letGo();

    expect(one.statuses.length).to.be.lessThan(2);
    expect(one.closed).to.equal(true);
    expect(grown).to.be.lessThan(150 * 1024 ** 2);
  });

  it('answers others while three thousand connections are held by who says nothing, half of it, or takes no answer [E9]', async () => {
    const saying = [
      '',
      `GET /health HTTP/1.1\r\n${host}\r\nx-`,
      post('/api/turns', 'content-length: 1000\r\n', '{'),
      `GET /openapi.json HTTP/1.1\r\n${host}\r\n\r\n`,
    ];

    const held = await hold(server.port, 3_000, (index) => saying[index % saying.length] ?? '');
    const asked = [];
    for (let times = 0; times < 20; times += 1) asked.push(await askHealth(server.port));
    const spoken = await server.turn(ALICE, { text: 'which alarms are firing?' });
    held.letGo();

    expect(asked.map(({ status }) => status)).to.deep.equal(asked.map(() => 200));
    expect(asked.map(({ ms }) => ms).sort((one, other) => one - other)[10]).to.be.lessThan(200);
    expect(spoken.outcome).to.equal('done');
  });

  const rooms = ['/', '/assets/', '/api/', '/api/approvals/', '/approvals/', '/auth/', '/operations/', '/mcp/'];
  rooms.push('/slack/', '/.well-known/', '/health/', '/openapi.json/');
  const up = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '%252e%252e%252f', '..\\', '..%5c', '%5c..%5c', '....//', '..;/'];
  up.push(
    '..%00/',
    '%c0%ae%c0%ae/',
    '%c0%ae%c0%ae%c0%af',
    '%e0%80%ae%e0%80%ae/',
    '%uff0e%uff0e/',
    '..%ef%bc%8f',
    '.%2e/',
    './/./',
  );
  const files = ['etc/passwd', 'main.ts', 'package.json', '.env', 'proc/self/environ'];
  const absolute = [
    '/etc/passwd',
    '//etc/passwd',
    '//evil.example/etc/passwd',
    '/\\\\evil.example\\share',
    '///etc/passwd',
  ];
  absolute.push(
    '/%2fetc%2fpasswd',
    '/file:///etc/passwd',
    '/C:%5cwindows%5cwin.ini',
    '/operations/../openapi.json/../etc/passwd',
  );
  absolute.push(
    '/operations/../../main.ts',
    '/mcp/../api/turns/../../.env',
    '/console/dist/../../package.json',
    '/~root/.ssh/id_rsa',
  );
  for (const room of rooms) {
    it(`gives out no file by any way up from ${room} [E7]`, async () => {
      const climbs = up.flatMap((step) => files.map((file) => `${room}${step.repeat(6)}${file}`));

      const found = await leadingSomewhere(climbs);

      expect(found).to.deep.equal([]);
    });
  }

  it('gives out no file by its whole path, and sends nobody to another server [E7]', async () => {
    expect(await leadingSomewhere(absolute)).to.deep.equal([]);
  });

  /** Over one connection after the other, as they are: no client tidies them. */
  async function leadingSomewhere(paths: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (let at = 0; at < paths.length; at += 20) {
      const some = paths.slice(at, at + 20);
      const answers = await Promise.all(
        some.flatMap((path) =>
          ['GET', 'POST'].map((method) =>
            sendRaw(server.port, [
              `${method} ${path} HTTP/1.1\r\n${host}\r\nx-opsagent-person: ${ALICE}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
            ]).then(({ statuses, text }) => ({ path: `${method} ${path}`, statuses, text })),
          ),
        ),
      );
      for (const { path, statuses, text } of answers)
        if (
          statuses.length !== 1 ||
          !statuses.every((status) => status >= 400 && status < 500) ||
          /root:|"scripts"/.test(text)
        )
          found.push(`${path} ${statuses} ${text.slice(0, 200)}`);
    }
    return found;
  }

  it('knows no route but its own, whatever is asked for [E9]', async () => {
    const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD');
    const place = fc.constantFrom('', '/api', '/operations', '/auth', '/slack', '/mcp', '/.well-known', '/approvals');
    const name = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => `/x${encodeURIComponent(text)}`);

    await fc.assert(
      fc.asyncProperty(method, place, name, async (verb, room, rest) => {
        const { statuses } = await sendRaw(server.port, [
          `${verb} ${room}${rest} HTTP/1.1\r\n${host}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
        ]);
        return (
          statuses.length === 1 &&
          statuses.every((status) => (status >= 400 && status < 500) || (status === 303 && room === '/approvals'))
        );
      }),
      { numRuns: 150 },
    );
  });
});

async function residentBytes(server: Serving): Promise<number> {
  const { text } = await server.get('/metrics');
  return Number(/^process_resident_memory_bytes(?:\{[^}]*\})? (\S+)/m.exec(text)?.[1]);
}
