import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { bearerOf, type Facade, keysOf, startFacade } from './facade.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { forgedTokens } from './token-forgeries.ts';

describe('a bearer token', () => {
  let issuer: Issuer;
  let facade: Facade;

  before(async () => {
    issuer = await startIssuer();
    facade = await startFacade({ bearer: bearerOf(issuer.issuer), keys: keysOf() });
  });
  after(async () => {
    await facade.close();
    await issuer.close();
  });

  const asking = (token: string, path?: string) => facade.ask({ authorization: `Bearer ${token}` }, path);

  it('makes its person the speaker, on the channel it came by [Q3]', async () => {
    const api = await asking(issuer.token());
    const mcp = await asking(issuer.token(), '/mcp');

    expect(api.json).to.deep.equal({ channel: 'api', userId: 'alice@example.com', auth: 'bearer' });
    expect(mcp.json).to.deep.equal({ channel: 'mcp', userId: 'alice@example.com', auth: 'bearer' });
  });

  const now = () => Math.floor(Date.now() / 1000);
  const good: [string, { head?: object; claims?: object } | (() => { claims: object })][] = [
    ['without a type', { head: { typ: undefined } }],
    ['of type JWT', { head: { typ: 'JWT' } }],
    ['of the whole type', { head: { typ: 'application/at+jwt' } }],
    ['for several audiences', { claims: { aud: ['another', 'opsagent'] } }],
    ['expired within the tolerance', () => ({ claims: { exp: now() - 20 } })],
    ['valid within the tolerance', () => ({ claims: { nbf: now() + 40 } })],
    ['with a verified e-mail', { claims: { email_verified: true } }],
    ['with an e-mail in other letters', { claims: { email: 'Alice@Example.com' } }],
  ];
  for (const [what, parts] of good) {
    it(`is taken ${what} [Q3]`, async () => {
      const { status, json } = await asking(issuer.token(typeof parts === 'function' ? parts() : parts));

      expect({ status, who: json.userId }).to.deep.equal({ status: 200, who: 'alice@example.com' });
    });
  }

  it('says when its person last signed in, never later than now [Q3]', async () => {
    const auth_time = now() - 100;
    const { json: before } = await asking(issuer.token({ claims: { auth_time } }));
    const { json: ahead } = await asking(issuer.token({ claims: { auth_time: now() + 100_000 } }));

    expect(before.signedInAt).to.equal(auth_time * 1000);
    expect(ahead.signedInAt).to.be.at.most(Date.now());
  });

  it('that is forged in any of 90 ways lets nobody in, and the server it points to is never called [Q3]', async () => {
    const called: string[] = [];
    const evil = createServer((request, response) => {
      called.push(request.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    const forgeries = forgedTokens(issuer, `http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
    const fresh = await startFacade({ bearer: bearerOf(issuer.issuer), keys: keysOf() });

    const answers: [string, number][] = [];
    for (const [name, authorization] of Object.entries(forgeries))
      answers.push([name, (await fresh.ask(authorization === undefined ? {} : { authorization })).status]);

    const { status } = await fresh.ask({ authorization: `Bearer ${issuer.token()}` });
    expect(answers.filter(([, one]) => one !== 401 && one !== 400)).to.deep.equal([]);
    expect(answers).to.have.length.above(90);
    expect(status, 'the good one').to.equal(200);
    expect(fresh.speakers).to.have.length(1);
    expect(called).to.deep.equal([]);
    await fresh.close();
    evil.close();
  });

  it('that is refused hears why in words, and where to ask for another [Q3, Q4]', async () => {
    const late = await asking(issuer.token({ claims: { exp: now() - 100 } }));
    const elsewhere = await asking(issuer.token({ claims: { aud: 'another' } }), '/mcp');
    const nameless = await asking(issuer.token({ claims: { email: undefined } }));

    expect(late.json).to.include({ code: 'unknown_person', message: 'The token has expired.' });
    expect(late.headers['www-authenticate']).to.equal(
      'Bearer realm="opsagent", error="invalid_token", resource_metadata="https://ops.example.com/.well-known/oauth-protected-resource"',
    );
    expect(elsewhere.json.hint).to.include('aud is opsagent');
    expect(elsewhere.headers['www-authenticate']).to.include('/.well-known/oauth-protected-resource/mcp"');
    expect(nameless.json.hint).to.include('claim email');
  });

  it('of somebody who is not listed names that person, whom the bot then refuses [Q3]', async () => {
    const { json } = await asking(issuer.token({ claims: { email: 'mallory@example.com' } }));

    expect(json).to.include({ userId: 'mallory@example.com', auth: 'bearer' });
  });
});
