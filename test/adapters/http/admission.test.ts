import { expect } from 'chai';
import { createLimits } from '../../../adapters/http/limits.ts';
import { bearerOf, CI_KEY, type Facade, keysOf, NO_LIMIT, startFacade, WALLBOARD_KEY } from './facade.ts';
import { type Issuer, startIssuer } from './issuer.ts';

describe('whoever comes through REST or MCP', () => {
  let issuer: Issuer;
  const open: Facade[] = [];
  const start = async (options: Parameters<typeof startFacade>[0]) => {
    const facade = await startFacade(options);
    open.push(facade);
    return facade;
  };

  before(async () => {
    issuer = await startIssuer();
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  after(() => issuer.close());

  const proofs = () => ({ bearer: bearerOf(issuer.issuer), keys: keysOf() });

  it('is the service whose key it shows [Q3]', async () => {
    const facade = await start(proofs());

    const ci = await facade.ask({ 'x-api-key': CI_KEY });
    const wallboard = await facade.ask({ 'X-Api-Key': WALLBOARD_KEY }, '/mcp');

    expect(ci.json).to.deep.equal({ channel: 'api', userId: 'service:ci', auth: 'api-key' });
    expect(wallboard.json).to.deep.equal({ channel: 'mcp', userId: 'service:wallboard', auth: 'api-key' });
  });

  it('shows one proof: two are refused, also two that are the same [Q3]', async () => {
    const facade = await start(proofs());
    const authorization = `Bearer ${issuer.token()}`;

    const answers = await Promise.all([
      facade.ask({ authorization, 'x-api-key': CI_KEY }),
      facade.ask({ authorization: [authorization, authorization] }),
      facade.ask({ 'x-api-key': [CI_KEY, CI_KEY] }),
      facade.ask({ 'x-api-key': ['wrong', CI_KEY] }),
      facade.ask({ 'x-api-key': `${CI_KEY}, ${CI_KEY}` }),
    ]);

    expect(answers.map(({ status }) => status)).to.deep.equal([400, 400, 400, 400, 401]);
    expect(facade.speakers).to.deep.equal([]);
  });

  it('without a proof is refused, and told which there are [Q3, Q4]', async () => {
    const both = await (await start(proofs())).ask({});
    const none = await (await start({})).ask({ 'x-opsagent-person': 'erin@example.com' });
    const token = await (await start({})).ask({ authorization: `Bearer ${issuer.token()}` });
    const key = await (await start({})).ask({ 'x-api-key': CI_KEY });

    expect([both, none, token, key].map(({ status }) => status)).to.deep.equal([401, 401, 401, 401]);
    expect(both.json.hint).to.include('Authorization: Bearer').and.to.include('X-API-Key');
    expect(both.headers['www-authenticate'])
      .to.match(/^Bearer .*resource_metadata=/)
      .and.not.to.include('error=');
    expect(none.json.hint).to.include('OIDC_AUDIENCE').and.to.include('API_KEYS_FILE');
    expect(token.json.hint).to.include('OIDC_ISSUER');
    expect(key.json.hint).to.include('API_KEYS_FILE');
  });

  it('is never believed what else the request says of it [Q3]', async () => {
    const facade = await start(proofs());
    const claimed = {
      'x-opsagent-person': 'erin@example.com',
      'x-forwarded-user': 'erin@example.com',
      cookie: 'person=erin',
    };

    const anonymous = await facade.ask(claimed);
    const known = await facade.ask({ ...claimed, 'x-api-key': CI_KEY });

    expect([anonymous.status, known.json.userId]).to.deep.equal([401, 'service:ci']);
  });

  describe('in LOCAL_MOCK on loopback', () => {
    it('is Alice, or whoever it says of the people there are [Q3]', async () => {
      const facade = await start({ anonymous: true });

      const usual = await facade.ask({});
      const erin = await facade.ask({ 'x-opsagent-person': 'erin@example.com' }, '/mcp');
      const nobody = await facade.ask({ 'x-opsagent-person': 'mallory@example.com' });
      const service = await facade.ask({ 'x-opsagent-person': 'service:ci' });
      const two = await facade.ask({ 'x-opsagent-person': ['erin@example.com', 'bob@example.com'] });

      expect(usual.json).to.deep.equal({ channel: 'api', userId: 'alice@example.com', auth: 'local-switch' });
      expect(erin.json).to.deep.equal({ channel: 'mcp', userId: 'erin@example.com', auth: 'local-switch' });
      expect([nobody, service, two].map(({ status }) => status)).to.deep.equal([401, 401, 401]);
      expect(nobody.json.hint).to.include('alice@example.com');
    });

    it('is nobody when a page of another site, another name, or a proxy stands before it [Q3]', async () => {
      const facade = await start({ anonymous: true });
      const statusOf = async (headers: Record<string, string>) => (await facade.ask(headers)).status;

      const rebound = await statusOf({ host: `evil.example:${facade.port}` });
      const crossSite = await statusOf({ origin: 'https://evil.example' });
      const sandboxed = await statusOf({ origin: 'null' });
      const image = await statusOf({ 'sec-fetch-site': 'cross-site' });
      const proxied = await statusOf({ 'x-forwarded-for': '203.0.113.7' });

      expect([rebound, crossSite, sandboxed, image, proxied]).to.deep.equal([421, 403, 403, 403, 401]);
      expect(facade.speakers).to.deep.equal([]);
    });

    it('is refused with a bad proof, not let in as somebody else [Q3]', async () => {
      const facade = await start({ anonymous: true, ...proofs() });

      const key = await facade.ask({ 'x-api-key': 'oak_wrong' });
      const token = await facade.ask({ authorization: 'Bearer x.y.z' });
      const scheme = await facade.ask({ authorization: 'Basic YWxpY2U6eA==' });

      expect([key.status, token.status, scheme.status]).to.deep.equal([401, 401, 400]);
    });
  });

  it('calls too often: 429, and when to come again; by its own count, whatever its proof [Q4]', async () => {
    const facade = await start({ ...proofs(), limits: createLimits({ sizes: { ...NO_LIMIT, perMinute: 3 } }) });
    const ask = (claims: object) => facade.ask({ authorization: `Bearer ${issuer.token({ claims })}` });

    const mine = [];
    for (const jti of ['1', '2', '3', '4', '5']) mine.push(await ask({ jti }));
    const other = await ask({ email: 'bob@example.com' });

    expect(mine.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200, 429]);
    expect(mine.at(-1)?.json).to.include({ code: 'too_many_requests' });
    expect(Number(mine.at(-1)?.headers['retry-after'])).to.be.within(1, 60);
    expect(other.status).to.equal(200);
  });

  it('guesses: 429 after a while, which keeps no good proof from the same address waiting, however new it is [Q3, Q4]', async () => {
    const facade = await start({ ...proofs(), limits: createLimits({ sizes: { ...NO_LIMIT, failuresPerMinute: 5 } }) });

    const guesses = [];
    for (let at = 0; at < 7; at += 1) guesses.push(await facade.ask({ 'x-api-key': `oak_${at}` }));
    const program = await facade.ask({ 'x-api-key': WALLBOARD_KEY });
    const person = await facade.ask({ authorization: `Bearer ${issuer.token()}` });
    const guess = await facade.ask({ authorization: 'Bearer x.y.z' });

    expect(guesses.map(({ status }) => status)).to.deep.equal([401, 401, 401, 401, 401, 429, 429]);
    expect(Number(guesses.at(-1)?.headers['retry-after'])).to.be.within(1, 60);
    expect([program.status, person.status, guess.status]).to.deep.equal([200, 200, 429]);
  });
});
