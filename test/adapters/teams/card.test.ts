import { expect } from 'chai';
import { teamsCard } from '../../../adapters/teams/card.ts';
import { namedSamples } from '../../cards/golden.ts';
import { approvalSample, approvalStates } from '../../cards/samples.ts';
import { buttons } from './clients.ts';

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value), 'utf8');
const nobody = { looks: 'everyone', refreshFor: [] } as const;
const people = (count: number) => Array.from({ length: count }, (_, n) => `29:1-${String(n).padStart(60, '0')}`);

describe('the card of a change in Teams', () => {
  it('has no button that decides where several people look, but one that fetches theirs [C8]', async () => {
    const card = await teamsCard(approvalSample(), nobody);

    expect(buttons({ actions: card.actions })).to.deep.equal([
      {
        type: 'Action.Execute',
        title: 'Decide …',
        verb: 'refresh',
        data: { kind: 'refresh', approvalId: 'chg-5d1f0a9c2b47' },
      },
    ]);
    expect(card).not.to.have.property('refresh');
  });

  it('has the live buttons where its reader looks alone [C8]', async () => {
    const card = await teamsCard(approvalSample(), { looks: 'viewer', refreshFor: [] });

    expect(buttons({ actions: card.actions }).map(({ title }) => title)).to.deep.equal([
      'Approve',
      'Reject',
      'Cancel my request',
    ]);
  });

  it('is fetched anew by the clients of at most 60 people, each once [C2]', async () => {
    const card = await teamsCard(approvalSample(), { looks: 'everyone', refreshFor: [...people(70), ...people(3)] });

    expect(card.refresh).to.deep.equal({
      action: { type: 'Action.Execute', verb: 'refresh', data: { kind: 'refresh', approvalId: 'chg-5d1f0a9c2b47' } },
      userIds: people(60),
    });
  });

  it('rather lets fewer clients fetch it than grow beyond 25 kB [C6]', async () => {
    const long = approvalSample({ warnings: Array.from({ length: 36 }, () => 'because '.repeat(70)) });

    const card = await teamsCard(long, { looks: 'everyone', refreshFor: people(60) });

    const { userIds = [] } = (card.refresh ?? {}) as { userIds?: string[] };
    expect(userIds.length).to.be.within(1, 59);
    expect(bytes(card)).to.be.at.most(25 * 1024);
  });

  it('asks nobody to fetch it when nothing is left to decide [G11]', async () => {
    const { pending: _pending, approved: _approved, ...decided } = approvalStates;

    const cards = await Promise.all(
      Object.values(decided).map((view) => teamsCard(view, { looks: 'everyone', refreshFor: people(3) })),
    );

    for (const card of cards) {
      expect(card).not.to.have.property('refresh');
      expect(card.actions).to.deep.equal([]);
    }
  });

  it('never holds the token [A5]', async () => {
    const token = 'approve-9r2mVhYyK0t3b8Qw5Xc1ZsLpUe7GfDaNjIoTqRkM4xE';

    const cards = await Promise.all(
      (['everyone', 'viewer'] as const).map((looks) => teamsCard(approvalSample({ token }), { looks, refreshFor: [] })),
    );

    expect(JSON.stringify(cards)).not.to.contain('approve-9r2m');
  });

  for (const { name, view } of namedSamples()) {
    it(`fits every way into Teams: ${name} [C6]`, async () => {
      const card = await teamsCard(view, { looks: 'everyone', refreshFor: people(60) });

      expect(bytes(card)).to.be.at.most(25 * 1024);
      expect(card.version).to.equal('1.5');
      expect(JSON.stringify(card)).not.to.contain('data:image/svg');
    });
  }
});
