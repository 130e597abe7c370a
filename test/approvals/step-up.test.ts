import { expect } from 'chai';
import fc from 'fast-check';
import { wantsFreshSignIn } from '../../approvals/fresh-sign-in.ts';
import { createStepUp, STEP_UP_MS, type StepUp } from '../../approvals/step-up.ts';
import { renderAdaptive } from '../../cards/adaptive/render.ts';
import { renderBlockKit } from '../../cards/blockkit/render.ts';
import { redactView } from '../../cards/redact-view.ts';
import { renderText } from '../../cards/text/render.ts';
import { type RefusalView, RISKS } from '../../cards/view.ts';
import { CALLS, caller, createHouse, decide, type House, NOON, propose, records, ruleOf, stored } from './house.ts';

const CONSOLE = 'https://ops.example.com';
const MINUTE = 60_000;

async function houseWithSignIn(consoleUrl: string | undefined = CONSOLE): Promise<House & { stepUp: StepUp }> {
  const house = await createHouse();
  const stepUp = createStepUp({ ...house, consoleUrl });
  house.parts.stepUp = stepUp;
  return Object.assign(house, { stepUp });
}

const approve = (house: House, who: string, id: string, overrides: Parameters<typeof caller>[1]) =>
  house.gate.decide({ verdict: 'approve', by: { approvalId: id } }, caller(who, overrides));

const linkOf = (view: unknown) => {
  const [action] = (view as RefusalView).actions ?? [];
  if (action?.kind !== 'link') throw new Error('no link');
  return new URL(action.url);
};

const tokenOf = (link: URL) => link.searchParams.get('step_up') ?? '';

describe('step-up: a yes to a high risk', () => {
  let house: Awaited<ReturnType<typeof houseWithSignIn>>;

  beforeEach(async () => {
    house = await houseWithSignIn();
  });
  afterEach(() => house.store.close());

  it('and to a critical one; a low or medium one stays in the chat [C3, G3]', async () => {
    const { id } = await propose(house, CALLS.high);
    const approval = await stored(house, id);

    const refusals = await Promise.all(
      RISKS.map(async (risk) => {
        const change = { ...approval, plan: { ...approval.plan, risk } };
        const refusal = await wantsFreshSignIn(house.parts, caller('bob', { auth: 'signature' }), change);
        return [risk, refusal?.rule];
      }),
    );

    expect(refusals).to.deep.equal([
      ['low', undefined],
      ['medium', undefined],
      ['high', 'fresh-sign-in'],
      ['critical', 'fresh-sign-in'],
    ]);
  });

  const doors: { channel: string; auth: string; signedInAt?: number }[] = [
    { channel: 'slack', auth: 'signature' },
    { channel: 'teams', auth: 'token' },
    { channel: 'terminal', auth: 'shell' },
    { channel: 'web', auth: 'local-switch' },
    { channel: 'api', auth: 'bearer', signedInAt: NOON },
    { channel: 'mcp', auth: 'bearer', signedInAt: NOON },
    { channel: 'web', auth: 'oidc' },
    { channel: 'web', auth: 'oidc', signedInAt: NOON - STEP_UP_MS },
    { channel: 'web', auth: 'oidc', signedInAt: NOON + 10 * MINUTE },
  ];
  for (const door of doors)
    it(`is refused from ${door.channel} by ${door.auth}${door.signedInAt === undefined ? '' : `, signed in at ${door.signedInAt - NOON}`} and says where it counts [C3, G3]`, async () => {
      const { id } = await propose(house, CALLS.high);

      const outcome = await approve(house, 'bob', id, door);

      expect(ruleOf(outcome)).to.equal('fresh-sign-in');
      expect(linkOf(outcome.view).href).to.match(/^https:\/\/ops\.example\.com\/approvals\/chg-[0-9a-f]{12}\?step_up=/);
      expect(linkOf(redactView(outcome.view)), 'as people are shown it').to.deep.equal(linkOf(outcome.view));
      expect((await stored(house, id)).votes).to.deep.equal([]);
      expect((await records(house)).at(-1)).to.include({ type: 'access_denied', rule: 'fresh-sign-in', change_id: id });
    });

  it('is refused with a button that opens the link, wherever there are buttons [C3, C8]', async () => {
    const { id } = await propose(house, CALLS.high);
    const outcome = await approve(house, 'bob', id, { channel: 'slack', auth: 'signature' });
    const view = redactView(outcome.view);
    const { href } = linkOf(view);

    const slack = JSON.stringify(renderBlockKit(view, { charts: 'native' }).blocks);
    const teams = await renderAdaptive(view, 'chat');
    const text = renderText(view, { width: 60, color: false });

    expect(slack).to.contain(`"action_id":"link:1","url":"${href}"`).and.contain('Sign in to approve');
    expect(teams.actions).to.deep.equal([{ type: 'Action.OpenUrl', title: 'Sign in to approve', url: href }]);
    expect(text.split('\n')).to.include(`  ${href}`);
  });

  it('counts with a sign-in of the last five minutes, which its record shows [C3, A4]', async () => {
    const { id } = await propose(house, CALLS.high);

    const outcome = await approve(house, 'bob', id, { auth: 'oidc', signedInAt: NOON - STEP_UP_MS + 1 });

    expect(outcome.status).to.equal('pending');
    expect((await stored(house, id)).votes.map(({ person }) => person)).to.deep.equal(['bob@example.com']);
    expect((await records(house)).at(-1)?.actor).to.deep.equal({
      person: 'bob@example.com',
      name: 'Bob',
      channel: 'web',
      user_id: 'bob@example.com',
      auth: 'oidc',
      signed_in_at: '2026-11-20T11:55:00.001Z',
    });
  });

  it('is asked for by token of the change as well [C3, G5]', async () => {
    const { token } = await propose(house, CALLS.high);

    const outcome = await decide(house, 'bob', token);

    expect(ruleOf(outcome)).to.equal('fresh-sign-in');
  });

  for (const risk of ['low', 'medium'] as const)
    it(`leaves a yes to a ${risk} risk in the chat [C3]`, async () => {
      const { id } = await propose(house, CALLS[risk]);

      const outcome = await approve(house, 'bob', id, { channel: 'slack', auth: 'signature' });

      expect(outcome.status).to.equal('done');
    });

  it('never stands before a no, nor before taking one’s own request back [C3, G7]', async () => {
    const first = await propose(house, CALLS.high);
    const rejected = await decide(house, 'bob', first.id, { verdict: 'reject', reason: 'not today' });
    house.setNow(NOON + 2 * MINUTE);
    const second = await propose(house, CALLS.high);

    const cancelled = await decide(house, 'alice', second.id, { verdict: 'cancel' });

    expect([rejected.status, cancelled.status]).to.deep.equal(['done', 'done']);
  });

  it('sends nobody to sign in whose yes could not count anyway [C3]', async () => {
    const { id } = await propose(house, CALLS.high);
    await approve(house, 'bob', id, { auth: 'oidc', signedInAt: NOON });

    const viewer = await decide(house, 'carol', id);
    const requester = await decide(house, 'alice', id);
    const again = await decide(house, 'bob', id);

    expect(ruleOf(viewer)).not.to.equal('fresh-sign-in');
    expect(ruleOf(requester)).not.to.equal('fresh-sign-in');
    expect(ruleOf(again)).to.equal('one-vote-each');
  });

  it('asks nothing where nobody can sign in [C3]', async () => {
    const without = await createHouse();
    const { id } = await propose(without, CALLS.high);

    const outcome = await approve(without, 'bob', id, { channel: 'slack', auth: 'signature' });

    expect(outcome.status).to.equal('pending');
    await without.store.close();
  });

  it('names the console without a link where its address is not known [C3]', async () => {
    const silent = await houseWithSignIn('');
    silent.parts.stepUp = createStepUp({ ...silent, consoleUrl: undefined });
    const { id } = await propose(silent, CALLS.high);

    const outcome = await decide(silent, 'bob', id);

    expect(outcome.view).to.have.property('next').that.contains(`Open ${id} in the console`);
    expect(outcome.view.actions).to.equal(undefined);
    await silent.store.close();
  });
});

describe('a step-up link', () => {
  let house: Awaited<ReturnType<typeof houseWithSignIn>>;
  let token: string;
  const change = { id: 'chg-0123456789ab', digest: 'd'.repeat(64) };

  beforeEach(async () => {
    house = await houseWithSignIn();
    token = tokenOf(new URL((await house.stepUp.link('bob@example.com', change)) ?? ''));
  });
  afterEach(() => house.store.close());

  it('is for one person, one change and one digest, in every process of the store [C3]', async () => {
    const elsewhere = createStepUp({ ...house, consoleUrl: CONSOLE });

    const wanted = await elsewhere.open(token);

    expect(wanted).to.deep.equal({ person: 'bob@example.com', change: change.id, digest: change.digest });
  });

  it('ends after five minutes [C3]', async () => {
    house.setNow(NOON + STEP_UP_MS - 1);
    const before = await house.stepUp.open(token);
    house.setNow(NOON + STEP_UP_MS);

    const after = await house.stepUp.open(token);

    expect(before).not.to.equal(undefined);
    expect(after).to.equal(undefined);
  });

  it('is worth nothing on another store [C3]', async () => {
    const other = await houseWithSignIn();
    await other.stepUp.link('bob@example.com', change);

    expect(await other.stepUp.open(token)).to.equal(undefined);
    await other.store.close();
  });

  it('does not survive one changed character, nor anything that is no token [C3]', async () => {
    const changed = fc
      .tuple(fc.nat(token.length - 1), fc.constantFrom(...'AZaz09-_.=%'))
      .map(([at, by]) => token.slice(0, at) + by + token.slice(at + 1))
      // The last character of a base64 text has bits that mean nothing.
      .filter((one) => one !== token && one.slice(0, -1) !== token.slice(0, -1));

    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, fc.string(), fc.string({ unit: 'binary' })), async (text) => {
        expect(await house.stepUp.open(text)).to.equal(undefined);
      }),
      { numRuns: 300 },
    );
  });

  it('has one key when two processes make the first link in one moment [C3]', async () => {
    const fresh = await houseWithSignIn();
    const two = [createStepUp({ ...fresh, consoleUrl: CONSOLE }), createStepUp({ ...fresh, consoleUrl: CONSOLE })];

    const links = await Promise.all(two.map((one) => one.link('bob@example.com', change)));

    const opened = await Promise.all(links.map((link) => fresh.stepUp.open(tokenOf(new URL(link ?? '')))));
    expect(opened.map((wanted) => wanted?.person)).to.deep.equal(['bob@example.com', 'bob@example.com']);
    await fresh.store.close();
  });
});
