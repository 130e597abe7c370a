import { expect } from 'chai';
import { openEvents } from './event-stream.ts';
import { startWeb, type WebHarness } from './web-harness.ts';

const alice = 'alice@example.com';
const calls = [
  '/api/conversations/me/messages',
  '/api/approvals',
  '/api/approvals/apr-1',
  '/api/audit',
  '/api/audit/chain',
  '/api/audit/choices',
];

describe('web identity', () => {
  describe('in LOCAL_MOCK', () => {
    let house: WebHarness;

    before(async () => {
      house = await startWeb();
    });
    after(() => house.close());

    it('lists the people to switch between before anybody is chosen [C3]', async () => {
      const { json } = await house.send({ path: '/api/session' });

      expect(json).to.deep.include({ mode: 'LOCAL_MOCK', signIn: 'switch', channels: ['#ops'], region: 'eu-west-1' });
      expect(json.people).to.deep.equal([
        { id: 'alice@example.com', name: 'Alice', roles: ['engineer'] },
        { id: 'bob@example.com', name: 'Bob', roles: ['ops-lead'] },
        { id: 'carol@example.com', name: 'Carol', roles: ['viewer'] },
        { id: 'dave@example.com', name: 'Dave', roles: ['senior-engineer'] },
      ]);
    });

    for (const person of [undefined, 'mallory@example.com', 'ALICE@example.com', `${alice}, bob@example.com`]) {
      it(`refuses ${person ?? 'nobody'} on every call [C3]`, async () => {
        const answers = await Promise.all(calls.map((path) => house.send({ path, person })));
        const stream = await openEvents(house.port, 'me', person ?? '');

        expect(answers.map(({ status }) => status)).to.deep.equal(calls.map(() => 401));
        expect(stream.status).to.equal(401);
      });
    }

    it('keeps a person out of the conversation of another [C3]', async () => {
      const asked = ['dm%3Abob%40example.com', 'dm:bob@example.com', '%23secret', '..', 'ME', ''];
      const ask = (id: string) => house.send({ path: `/api/conversations/${id}/messages`, person: alice });

      const answers = await Promise.all(asked.map(ask));
      const stream = await openEvents(house.port, 'dm:bob@example.com', alice);
      const said = await house.send({
        method: 'POST',
        path: '/api/turns',
        person: alice,
        body: { id: '0b0f1a52-6c68-4f0e-9d7c-5f0b6f2f7a01', conversation: 'dm:bob@example.com', text: 'help' },
      });

      expect(answers.map(({ status }) => status)).to.deep.equal(asked.map(() => 404));
      expect([stream.status, said.status]).to.deep.equal([404, 404]);
      expect(house.turns).to.deep.equal([]);
    });

    it('opens a person’s own conversation by its name and by me', async () => {
      const asked = ['me', 'dm%3Aalice%40example.com', '%23ops'];

      const answers = await Promise.all(
        asked.map((id) => house.send({ path: `/api/conversations/${id}/messages`, person: alice })),
      );

      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    });
  });

  for (const mode of ['DRY_RUN', 'SANDBOX_LIVE'] as const) {
    it(`says in ${mode} that signing in comes with OIDC, and names nobody [C3]`, async () => {
      const house = await startWeb({ config: { mode } });

      const session = await house.send({ path: '/api/session' });
      const answers = await Promise.all(calls.map((path) => house.send({ path, person: alice })));

      expect(session.json).to.deep.include({ signIn: 'unavailable', people: [] });
      expect(answers.map(({ status }) => status)).to.deep.equal(calls.map(() => 401));
      expect(answers[0]?.json.message).to.contain('OIDC');
      await house.close();
    });
  }
});
