import { expect } from 'chai';
import { createEvidence, type Evidence } from '../../bot/evidence.ts';
import { showRead } from '../../bot/show-read.ts';
import { caller, createHouse, NOON } from '../approvals/house.ts';
import { createBotHouse } from './bot-house.ts';
import { aRead, INVESTIGATION } from './reads.ts';

const MONTH_MS = 30 * 86_400_000;
const UNKNOWN = 'read-ffffffffffff';

async function setUp() {
  const house = await createHouse();
  const evidence = createEvidence(house.store, house.clock);
  const show = (id: string, mayUse = true) =>
    showRead({ ...house, mayUse: (tool) => mayUse && tool === 'get_ec2_status' }, id, caller('dave'));
  return { ...house, setNow: house.setNow, evidence, show };
}

describe('evidence', () => {
  it('is kept as it was shown and found by its id [L7]', async () => {
    const { evidence } = await setUp();

    const kept = await evidence.keep(aRead());

    expect(kept).to.deep.include(aRead());
    expect(kept.id).to.match(/^read-[0-9a-f]{12}$/);
    expect(kept.at).to.equal(new Date(NOON).toISOString());
    expect(await evidence.read(kept.id)).to.deep.equal(kept);
    expect(await evidence.read(UNKNOWN)).to.equal(undefined);
    expect(await evidence.read('\u0000')).to.equal(undefined);
  });

  it('lists the reads of one investigation, oldest first, and no others [L7]', async () => {
    const { evidence, setNow } = await setUp();
    const kept: Evidence[] = [];
    for (const later of [0, 1, 2]) {
      setNow(NOON + later);
      kept.push(await evidence.keep(aRead({ command: `read ${later}` })));
    }
    await evidence.keep(aRead({ investigation: 'inv-000000000000' }));

    const listed = await evidence.of(INVESTIGATION);

    expect(listed).to.deep.equal(kept);
    expect(await evidence.of('inv-ffffffffffff')).to.deep.equal([]);
  });

  it('is gone after 30 days, to the millisecond [L7]', async () => {
    const { evidence, setNow } = await setUp();
    const { id } = await evidence.keep(aRead());

    setNow(NOON + MONTH_MS - 1);
    const before = [await evidence.read(id), ...(await evidence.of(INVESTIGATION))];
    setNow(NOON + MONTH_MS);
    const after = [await evidence.read(id), ...(await evidence.of(INVESTIGATION))];

    expect(before.map((read) => read?.id)).to.deep.equal([id, id]);
    expect(after).to.deep.equal([undefined]);
  });

  it('keeps no secret and no approval token [A5, L7]', async () => {
    const { evidence } = await setUp();
    const token = `approve-${'x'.repeat(43)}`;
    const secret = `password=${'hunter2'.repeat(3)}`;
    const view = { kind: 'message', title: 'Log', body: secret, token } as const;

    const { id } = await evidence.keep(aRead({ command: `logs query ${secret}`, view }));

    const kept = JSON.stringify(await evidence.read(id));
    expect(kept).to.not.include('hunter2').and.not.include(token);
    expect(kept).to.include('logs query password=[redacted secret]');
  });

  it('says so when a read could not be kept [L7]', async () => {
    const { store, clock } = await setUp();
    const full = { ...store, transact: async () => ({ committed: false, because: 'late' }) as const };

    const failure = await createEvidence(full, clock)
      .keep(aRead())
      .catch((error: unknown) => error);

    expect(failure).to.include({ code: 'store_unavailable', retryable: true });
  });
});

describe('showing a read', () => {
  it('brings the card back with its origin and a button that reads it again [L7]', async () => {
    const { evidence, show } = await setUp();
    const { id, view, command } = await evidence.keep(aRead());

    const answer = await show(id);

    const { note, actions, ...same } = answer.view;
    const { note: before, actions: others = [], ...whole } = view;
    expect(answer.outcome).to.equal('answer');
    expect(same).to.deep.equal(whole);
    expect(actions).to.deep.equal([{ kind: 'say', label: 'Read it again', text: command }, ...others]);
    expect(note).to.equal(
      `${before} Read for ${INVESTIGATION} at 2026-11-20 12:00:00 UTC; \`${command}\` reads it again.`,
    );
  });

  it('is refused to whoever may not use the tool, and shows nothing of it [G2, L7]', async () => {
    const { evidence, show } = await setUp();
    const { id } = await evidence.keep(aRead());

    const answer = await show(id, false);

    expect(answer).to.deep.include({ outcome: 'denied' });
    expect(answer.view).to.include({ kind: 'refusal', rule: 'may-use-tool' });
    expect(JSON.stringify(answer)).to.not.include('impaired');
  });

  it('says of an unknown or expired read that it is not there [L7]', async () => {
    const { evidence, show, setNow } = await setUp();
    const { id } = await evidence.keep(aRead());
    setNow(NOON + MONTH_MS);

    for (const one of [UNKNOWN, id]) {
      const answer = await show(one);
      expect(answer).to.deep.include({ outcome: 'failed' });
      expect(answer.view).to.include({ kind: 'refusal', rule: 'known-read' });
    }
  });

  it('answers the words of the button, for a colleague in another conversation [L7]', async () => {
    const house = await createBotHouse();
    const { id } = await createEvidence(house.store, house.clock).keep(aRead());

    const answer = await house.say('carol', `show ${id}`);

    expect(answer.outcome).to.equal('answer');
    expect(answer.text).to.include('impaired').and.include(INVESTIGATION);
  });
});
