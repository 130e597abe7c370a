import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { said, type Wire } from './activities.ts';
import { startConnector } from './connector.ts';
import { forgedTokens } from './forgeries.ts';
import { now, publishedKey } from './issuer.ts';
import { teamsPerson } from './people.ts';
import { SECRET, startTeams, type TeamsHouse } from './teams-house.ts';

const GROUP = '19:tokens@thread.v2';

describe('who may speak to Teams’ door', () => {
  let house: TeamsHouse;
  let evil: Server;
  let evilUrl: string;
  let calls: number;

  beforeEach(async () => {
    calls = 0;
    evil = createServer((_, response) => response.end()).on('connection', () => {
      calls += 1;
    });
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    evilUrl = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/`;
    house = await startTeams();
    house.connector.add(GROUP, 'groupChat', [teamsPerson('alice@example.com')]);
  });
  afterEach(async () => {
    await house.close();
    evil.close();
  });

  const activity = (text = 'list ec2 instances'): Wire =>
    said(teamsPerson('alice@example.com'), { id: GROUP, type: 'groupChat' }, house.connector.serviceUrl, text);
  const withToken = (wrong: { claims?: object } = {}) => ({
    authorization: `Bearer ${house.issuer.token(house.connector.serviceUrl, wrong)}`,
  });

  it('accepts the one good token [C2]', async () => {
    const { status, text } = await house.sends(activity(), withToken());

    expect([status, text]).to.deep.equal([200, '']);
    expect(house.turns.map((turn) => turn.text)).to.deep.equal(['list ec2 instances']);
    expect(house.turns[0]?.speaker.auth).to.equal('token');
  });

  it('forgives clocks that differ by less than five minutes [C2]', async () => {
    const late = await house.sends(activity(), withToken({ claims: { exp: now() - 240 } }));
    const early = await house.sends(activity(), withToken({ claims: { nbf: now() + 240 } }));

    expect([late.status, early.status]).to.deep.equal([200, 200]);
  });

  it('accepts none of the forged requests, tells their senders nothing and calls nobody for them [C2]', async () => {
    const { issuer, connector } = house;
    const forgeries = forgedTokens({ issuer, serviceUrl: connector.serviceUrl, activity: activity(), evilUrl });

    const accepted: string[] = [];
    for (const { name, authorization, activity: forged } of forgeries) {
      const { status, text } = await house.sends(forged, authorization === undefined ? {} : { authorization });
      if (![400, 401].includes(status) || text !== '') accepted.push(`${name}: ${status} ${text}`);
    }

    expect(forgeries.length).to.be.greaterThan(70);
    expect(accepted).to.deep.equal([]);
    expect(house.turns).to.deep.equal([]);
    expect(calls).to.equal(0);
    expect(connector.requests).to.deep.equal([]);
    expect((await house.sends(activity(), withToken())).status, 'the good token, after all that').to.equal(200);
  });

  it('fetches the keys once for a cold burst of 32 [C2]', async () => {
    const tokens = Array.from({ length: 32 }, (_, n) => withToken({ claims: { exp: now() + 3600 + n } }));

    const answers = await Promise.all(tokens.map((headers, n) => house.sends(activity(`say ${n}`), headers)));

    expect(answers.map(({ status }) => status)).to.deep.equal(tokens.map(() => 200));
    expect(house.issuer.asked).to.deep.equal(['metadata', 'keys']);
  });

  it('refuses a known token once its key is not published any more [C2]', async () => {
    const headers = withToken();
    const before = await house.sends(activity(), headers);
    let time = Date.now();
    const clock = { now: () => time, sleep: async () => {} };
    const later = await startTeams({ connector: house.connector, issuer: house.issuer, clock });
    await later.sends(activity(), headers);
    house.issuer.publish([publishedKey(house.issuer.publicKey, 'next')]);
    time += 6 * 60_000;

    // A token with a key id nobody knows makes the keys be fetched again.
    await later.sends(activity(), {
      authorization: `Bearer ${house.issuer.token(house.connector.serviceUrl, { head: { kid: 'next' } })}`,
    });
    const after = await later.sends(activity(), headers);

    expect([before.status, after.status]).to.deep.equal([200, 401]);
    await later.close();
  });

  it('lets nobody in while the keys cannot be had, and asks again soon [C2]', async () => {
    let time = Date.now();
    const clock = { now: () => time, sleep: async () => {} };
    const dark = await startTeams({ connector: house.connector, issuer: house.issuer, clock });
    house.issuer.answers(503);
    const refused = await dark.sends(activity(), withToken());
    const again = await dark.sends(activity(), withToken());
    const asked = house.issuer.asked.length;
    house.issuer.answers(200);
    time += 5_001;

    const back = await dark.sends(activity(), withToken());

    expect([refused.status, again.status, back.status]).to.deep.equal([401, 401, 200]);
    expect(asked, 'a storm of requests is no storm at the issuer').to.equal(1);
    await dark.close();
  });

  it('sends no token to a stored address that is not allowed any more [C2]', async () => {
    await house.sends(activity(), withToken());
    const elsewhere = await startConnector(SECRET);
    const moved = await startTeams({ store: house.store, connector: elsewhere, issuer: house.issuer });

    const failure = await moved.teams
      .post({ channel: 'teams', id: GROUP }, { kind: 'message', title: 'x', body: 'y' })
      .catch((error: Error) => error);

    expect(failure).to.include({ code: 'delivery_failed', retryable: false });
    expect(house.connector.requests).to.deep.equal([]);
    await moved.close();
    await elsewhere.close();
  });
});
