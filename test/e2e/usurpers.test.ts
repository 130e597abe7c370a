import { rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { newApiKey } from '../../adapters/http/api-keys.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { AUDIENCE, type Issuer, startIssuer } from '../adapters/http/issuer.ts';
import { CLIENT } from '../adapters/web/sign-in/identity-provider.ts';
import { ALICE, BOB, ERIN, type Installation, install } from './opsagent.ts';
import { eventually } from './record-of.ts';
import { type Serving, serveIn } from './serving.ts';

const CAROL = 'carol@example.com';
const PEOPLE = `Alice: {email: ${ALICE}, roles: [engineer]}
Bob: {email: ${BOB}, roles: [ops-lead]}
Carol: {email: ${CAROL}, roles: [viewer]}
Erin: {email: ${ERIN}, roles: [admin]}
`;

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** The whole program where people sign in and programs have keys, and somebody who wants to decide in another’s place. */
describe('opsagent serve, asked by usurpers', function () {
  this.timeout(40_000);
  const key = newApiKey();
  let issuer: Issuer;
  let house: Installation;
  let server: Serving;

  before(async () => {
    issuer = await startIssuer();
    house = install({ OIDC_ISSUER: issuer.issuer, OIDC_AUDIENCE: AUDIENCE });
    Object.assign(house.env, {
      OIDC_CLIENT_ID: CLIENT.clientId,
      OIDC_CLIENT_SECRET: CLIENT.clientSecret,
      PEOPLE_FILE: house.path('people.yaml'),
      API_KEYS_FILE: house.path('keys.yaml'),
    });
    writeFileSync(house.path('people.yaml'), PEOPLE);
    writeFileSync(house.path('keys.yaml'), `ci: {roles: [engineer], keys: [{sha256: ${key.sha256}}]}\n`);
    server = await serveIn(house);
  });
  after(async () => {
    server.signal('SIGTERM');
    await server.ended;
    house.remove();
    await issuer.close();
  });

  const now = () => Math.floor(Date.now() / 1000);
  const tokenOf = (email: string) => issuer.token({ claims: { email, auth_time: now() } });
  const as = (email: string) => ({ authorization: `Bearer ${tokenOf(email)}` });
  const service = { 'x-api-key': key.key };

  async function post(path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
    const response = await fetch(server.address + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  const chat = (text: string, headers: Record<string, string>) => post('/chat', { text }, headers);
  const tool = (name: string, args: object, headers: Record<string, string>) =>
    post('/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }, headers);

  async function propose(instance_id: string, headers: Record<string, string>) {
    const { body } = await post('/operations/reboot_ec2', { instance_id, reason: 'it hangs' }, headers);
    expect(body.status, JSON.stringify(body)).to.equal('pending');
    return { id: String(body.approval_id), token: String(body.approval_token) };
  }
  async function stateOf(id: string): Promise<unknown> {
    const { body } = await post('/operations/status', { parameters: { approval_id: id } }, as(BOB));
    return { status: body.status, approvals: (body.details as { approvals?: number }).approvals };
  }
  const withdraw = (id: string, headers: Record<string, string>) => chat(`cancel ${id}`, headers);
  const PENDING = { status: 'pending', approvals: 0 };

  it('takes a high-risk yes from no token, however fresh, and through no other door [C3, Q1, Q3]', async () => {
    const { id, token } = await propose(known.productionInstance, as(ALICE));
    const bob = as(BOB);

    const tried = [
      await post('/operations/approve', { parameters: { approval_token: token } }, bob),
      await post('/operations/approve_change', { approval_token: token, signed_in_at: now(), auth: 'oidc' }, bob),
      await chat(`approve ${id}`, bob),
      await post('/operations/approve', { parameters: { approval_token: token, confirmed: true } }, as(ERIN)),
    ];
    const byTokenInWords = await chat(`approve ${token}`, bob);
    const inTerminal = await house.ask(`approve ${id}`, { as: BOB });
    const byMcp = await tool('approve_change', { approval_token: token }, bob);

    for (const { body } of tried) expect(JSON.stringify(body)).to.contain('signed in within the last 5 minutes');
    expect(byTokenInWords.body).to.include({ success: false });
    expect(inTerminal).to.include({ outcome: 'denied' });
    expect(JSON.stringify(byMcp.body)).to.contain('error');
    expect(await stateOf(id)).to.deep.equal(PENDING);
    await withdraw(id, as(ALICE));
  });

  it('lets a program’s key decide, cancel or pause nothing, by any door or wording [Q3, Q5]', async () => {
    const { id, token } = await propose(known.sickInstance, as(ALICE));

    const tried = [
      await post('/operations/approve', { parameters: { approval_token: token } }, service),
      await post(
        '/operations/approve',
        { parameters: { approval_token: token }, user_context: { user_id: BOB } },
        service,
      ),
      await post('/operations/reject', { parameters: { approval_token: token, reason: 'no' } }, service),
      ...(await Promise.all(
        [
          'approve {}',
          'approve {} because it is fine',
          'APPROVE {}',
          'reject {} because no',
          'cancel {}',
          'pause changes because of me',
          'resume changes',
        ].map((text) => chat(text.replace('{}', id), service)),
      )),
      await chat(`approve ${token}`, service),
      await post(
        '/operations/approve',
        { parameters: { approval_token: token } },
        { ...service, 'x-opsagent-person': BOB },
      ),
      await post('/operations/approve', { parameters: { approval_token: token } }, { ...service, ...as(BOB) }),
      await tool('approve_change', { approval_token: token }, service),
    ];
    const mine = await propose(known.healthyInstance, service);
    const own = await post('/operations/approve', { parameters: { approval_token: mine.token } }, service);

    for (const { status, body } of [...tried, own]) {
      expect(status, JSON.stringify(body)).to.be.lessThan(500);
      expect(body.success, JSON.stringify(body)).not.to.equal(true);
    }
    expect(await stateOf(id)).to.deep.equal(PENDING);
    expect(await stateOf(mine.id)).to.deep.equal(PENDING);
    expect((await withdraw(mine.id, service)).body, 'its own it may take back').to.include({ success: true });
    await withdraw(id, as(ALICE));
  });

  it('believes no header, no body and no likeness of an e-mail [Q3]', async () => {
    const { id, token } = await propose(known.sickInstance, as(ALICE));
    const body = { parameters: { approval_token: token } };
    const nobody: Record<string, string>[] = [
      { 'x-opsagent-person': BOB },
      { 'x-forwarded-user': BOB, 'x-forwarded-email': BOB, 'x-amzn-oidc-identity': BOB },
      { cookie: `opsagent=${'A'.repeat(43)}` },
      { authorization: `Basic ${Buffer.from(`${BOB}:x`).toString('base64')}` },
      ...[
        'b\u043eb@example.com',
        'bob@example.com\u200b',
        ' bob@example.com',
        'bob@example.com.',
        'bob+x@example.com',
        'service:ci',
        '__proto__',
        'constructor',
        '',
      ].map(as),
      { authorization: `Bearer ${issuer.token({ claims: { email: [BOB] } })}` },
      { authorization: `Bearer ${issuer.token({ claims: { email: BOB, email_verified: 'false' } })}` },
      { authorization: `Bearer ${issuer.token({ claims: { email: undefined, preferred_username: BOB, upn: BOB } })}` },
    ];

    const answers = [];
    for (const headers of nobody) answers.push(await post('/operations/approve', body, headers));
    const claimed = await post(
      '/operations/approve',
      { ...body, user_context: { user_id: BOB, email: BOB } },
      as(CAROL),
    );
    const nested = await post(
      '/operations/approve',
      `{"parameters":{"approval_token":"${token}","__proto__":{"service":false}},"__proto__":{"user_context":{}},"user_context":{"__proto__":{"email":"${BOB}"}}}`,
      as(CAROL),
    );

    for (const { status, body: said } of answers) {
      expect(status, JSON.stringify(said)).to.be.oneOf([200, 400, 401]);
      if (status === 200) expect(said).to.include({ success: false, status: 'denied' });
    }
    expect(claimed.status).to.equal(403);
    expect(nested.body.success).not.to.equal(true);
    expect(await stateOf(id)).to.deep.equal(PENDING);
    await withdraw(id, as(ALICE));
  });

  it('gives nobody the answer to another’s Idempotency-Key, nor their conversation [Q1, Q3]', async () => {
    const same = { 'idempotency-key': 'k-1' };
    const first = await post(
      '/chat',
      { text: 'which alarms are firing?', conversation_id: 'a' },
      { ...as(ALICE), ...same },
    );
    const again = await post(
      '/chat',
      { text: 'which alarms are firing?', conversation_id: 'a' },
      { ...as(ALICE), ...same },
    );
    const other = await post('/chat', { text: 'help', conversation_id: 'a' }, { ...as(BOB), ...same });
    const shaped = await post('/chat', { text: 'help' }, { ...as(BOB), 'idempotency-key': `["${ALICE}","k-1"]` });

    expect(first.body).to.include({ success: true });
    expect(again.body).to.include({ status: 'duplicate' });
    for (const { body } of [other, shaped]) expect(body).to.include({ status: 'done' });
  });

  it('stops listening to a token whose person was taken off the list [Q3, G2]', async () => {
    const before = await chat('which alarms are firing?', as(ERIN));
    writeFileSync(house.path('people.yaml'), PEOPLE.replace(/^Erin.*\n/m, ''));

    const after = await eventually(
      () => chat('which alarms are firing?', as(ERIN)),
      ({ body }) => body.success === false,
      10_000,
    );
    const proposed = await post('/operations/reboot_ec2', { instance_id: known.sickInstance, reason: 'x' }, as(ERIN));
    rmSync(house.path('people.yaml'));
    writeFileSync(house.path('people.yaml'), PEOPLE);

    expect(before.body).to.include({ success: true });
    expect(after.body).to.include({ status: 'denied' });
    expect(proposed.body).to.include({ success: false, status: 'denied' });
  });

  it('believes no word of who speaks where people sign in to the console, though REST takes no tokens [Q3, C3]', async () => {
    const other = install({
      OIDC_ISSUER: issuer.issuer,
      OIDC_CLIENT_ID: CLIENT.clientId,
      OIDC_CLIENT_SECRET: CLIENT.clientSecret,
    });
    const open = await serveIn(other);

    const answers = await Promise.all(
      ['/chat', '/mcp', '/operations/approve', '/api/turns'].map((path) =>
        fetch(open.address.replace('127.0.0.1', 'localhost') + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-opsagent-person': BOB },
          body: '{"text":"pause changes because of me"}',
        }),
      ),
    );
    open.signal('SIGTERM');
    await open.ended;
    other.remove();

    expect(answers.map(({ status }) => status)).to.deep.equal([401, 401, 401, 401]);
  });
});
