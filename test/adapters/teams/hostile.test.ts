import { expect } from 'chai';
import fc from 'fast-check';
import { executed, said, type Wire } from './activities.ts';
import { teamsPeople, teamsPerson } from './people.ts';
import { startTeams, type TeamsHouse } from './teams-house.ts';

const alice = teamsPerson('alice@example.com');

describe('hostile requests at Teams’ door', () => {
  let house: TeamsHouse;
  let good: Wire[];

  before(async () => {
    house = await startTeams();
    const group = house.connector.add('19:war-room@thread.v2', 'groupChat', teamsPeople);
    const data = { kind: 'decide', verdict: 'approve', approvalId: 'apr-1', digest: 'a'.repeat(64) };
    const action = { type: 'Action.Execute', verb: 'decide', data };
    good = [
      said(alice, group, house.connector.serviceUrl, 'help'),
      executed(alice, group, house.connector.serviceUrl, '1', { action }),
    ];
  });
  after(() => house.close());
  beforeEach(() => {
    house.turns.length = 0;
  });

  it('end in a refusal, whatever JSON they bring, and never in a turn [C2]', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 6 }), async (body) => {
        const { status, text } = await house.sends(body);

        expect(status).to.be.oneOf([400, 401]);
        expect(text).not.to.match(/at .*\.ts|Error:/);
      }),
      { numRuns: 150 },
    );
    expect(house.turns).to.deep.equal([]);
  });

  it('with one field of a good activity replaced are answered, with no internals [C2]', async () => {
    const paths = [
      'id',
      'type',
      'from',
      'recipient',
      'conversation',
      'channelData',
      'entities',
      'value',
      'name',
      'membersAdded',
      'text',
      'action',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1),
        fc.constantFrom(...paths),
        fc.jsonValue({ maxDepth: 4 }),
        async (which, path, value) => {
          const { status, text } = await house.sends({ ...good[which], [path]: value });

          expect(status).to.be.oneOf([200, 400, 401, 501]);
          expect(text).not.to.match(/at .*\.ts|Error:/);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('that are too big, too deep, doubled, no JSON or no text are refused before anything is read [C2]', async () => {
    const activity = JSON.stringify(good[0]);
    const bodies: [string | Buffer, number][] = [
      [JSON.stringify({ ...good[0], text: 'x'.repeat(260 * 1024) }), 413],
      [`${activity.slice(0, -1)},"value":${'['.repeat(40)}${']'.repeat(40)}}`, 400],
      [`${activity.slice(0, -1)},"serviceUrl":"https://evil.example/"}`, 400],
      ['', 400],
      ['{', 400],
      [Buffer.from([0x22, 0xff, 0xfe, 0x22]), 400],
      ['null', 400],
      ['[]', 400],
      [`{"__proto__":{"channelId":"msteams"},"constructor":{}}`, 400],
    ];

    for (const [body, expected] of bodies) {
      const { status } = await house.sends(body);
      expect(status, String(body).slice(0, 40)).to.equal(expected);
    }
    const authorization = `Bearer ${house.issuer.token(house.connector.serviceUrl)}`;
    expect((await house.sends(activity, { authorization, 'content-type': 'text/plain' })).status).to.equal(415);
    expect((await house.sends('{', {})).status, 'without a token nothing is read').to.equal(401);
    expect(house.turns).to.deep.equal([]);
  });
});
