import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TEAMS_APP } from './calls.ts';
import { answering } from './rounds.ts';

/** Slack's Web API, Teams' connector and the Bot Framework's keys, answered at once, in a process of their own. Counts what was asked. */
const counts: Record<string, number> = {};
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const kid = 'bench-key-1';
let made = 0;
let replied = Promise.withResolvers<void>();

const slackMethods: Record<string, () => object> = {
  'auth.test': () => ({
    ok: true,
    team_id: 'T0BENCH01',
    user_id: 'U0BENCHBOT',
    bot_id: 'B0BENCHBOT',
    team: 'bench',
    user: 'opsagent',
  }),
  'chat.postMessage': () => ({ ok: true, channel: 'C0BENCH01', ts: `1780000000.${String(++made).padStart(6, '0')}` }),
};

function answerOf(path: string, origin: string): object {
  if (path.startsWith('/api/')) return slackMethods[path.slice(5)]?.() ?? { ok: true };
  if (path.endsWith('/openidconfiguration'))
    return { issuer: `${origin}/issuer`, jwks_uri: `${origin}/keys`, id_token_signing_alg_values_supported: ['RS256'] };
  if (path === '/keys')
    return {
      keys: [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256', endorsements: ['msteams'] }],
    };
  return { id: `reply-${++made}` };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  request.on('end', () => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const name = path.replace(/\/v3\/conversations\/.*/, '/v3/conversations/…');
    counts[name] = (counts[name] ?? 0) + 1;
    if (name.startsWith('/v3/')) replied.resolve();
    const text = JSON.stringify(answerOf(path, `http://127.0.0.1:${port}`));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
}

/** As the Bot Framework makes it: for our app, for this service address, for an hour. */
function token(serviceUrl: string): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: `http://127.0.0.1:${port}/issuer`,
    aud: TEAMS_APP,
    serviceurl: serviceUrl,
    nbf: now - 60,
    exp: now + 3600,
  };
  const text = `${part({ alg: 'RS256', kid, typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}

const server = createServer(answer);
server.keepAliveTimeout = 60_000;
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

answering(
  { port },
  async ({ reset, serviceUrl, untilReply }: { reset?: boolean; serviceUrl?: string; untilReply?: boolean }) => {
    if (untilReply) {
      replied = Promise.withResolvers();
      await replied.promise;
    }
    const said = { counts: { ...counts }, token: serviceUrl === undefined ? '' : token(serviceUrl) };
    if (reset) for (const name of Object.keys(counts)) delete counts[name];
    return said;
  },
  async () => void server.closeAllConnections(),
);
