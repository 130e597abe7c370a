import { expect } from 'chai';
import { known } from '../../../tools/aws/simulated/known.ts';
import type { Wire } from './activities.ts';
import { buttons } from './clients.ts';
import { teamsPerson } from './people.ts';
import { GROUP, PERSONAL, type Playground, type Shown } from './playground.ts';
import { openPlayground } from './playground-house.ts';

const [alice, bob, carol, dave] = ['alice', 'bob', 'carol', 'dave'].map((name) =>
  teamsPerson(`${name}@example.com`),
) as [
  ReturnType<typeof teamsPerson>,
  ReturnType<typeof teamsPerson>,
  ReturnType<typeof teamsPerson>,
  ReturnType<typeof teamsPerson>,
];

const has = (text: string) => (message: Shown) => JSON.stringify(message.card ?? {}).includes(text);

function button(card: unknown, title: string): Wire {
  const found = buttons(card as Wire).find((one) => one.title === title);
  if (!found) throw new Error(`the card has no button ${title}`);
  return found;
}

describe('OpsAgent in Microsoft’s Agents Playground', function () {
  this.timeout(60_000);
  let playground: Playground;
  let close: (() => Promise<void>) | undefined;

  before(async function () {
    ({ playground, close } = await openPlayground(this));
    await playground.installs(PERSONAL);
    await playground.installs(GROUP);
  });
  after(() => close?.());

  /** Alice asks in the group chat; the card everybody sees. */
  async function asked(instance: string): Promise<Shown> {
    const before = new Set(playground.messages(GROUP).map(({ id }) => id));
    await playground.says(alice, GROUP, `ec2 reboot ${instance} because it hangs`);
    return playground.until(GROUP, (message) => !before.has(message.id) && has('Waiting for approval')(message));
  }

  /** A person's own form of a card. */
  const ownForm = async (who: typeof alice, shared: Shown) =>
    (await playground.presses(who, shared, button(shared.card, 'Decide …'))).value;

  it('welcomes whoever installs it, once, with buttons that work [C2]', async () => {
    const welcome = await playground.until(PERSONAL, has('Hello, I am OpsAgent'));
    await playground.installs(PERSONAL);
    await playground.says(alice, PERSONAL, 'which alarms are firing?');

    await playground.until(PERSONAL, has('checkout-unhealthy-hosts'));

    expect(buttons(welcome.card ?? {}).map(({ title }) => title)).to.include('list ec2 instances');
    expect(playground.messages(PERSONAL).filter(has('Hello, I am OpsAgent'))).to.have.length(1);
  });

  it('answers what it reads with a card, and a metric with a chart of Teams [C7]', async () => {
    await playground.says(alice, PERSONAL, `metrics AWS/EC2 CPUUtilization ${known.sickInstance} 1h`);

    const answer = await playground.until(PERSONAL, has('Chart.Line'));

    expect(JSON.stringify(answer.card)).to.contain('minutes since');
  });

  it('shows one card to everybody, and after one person’s yes its new state, in place [C2, G11]', async () => {
    const shared = await asked(known.sickInstance);
    const form = await ownForm(bob, shared);
    const count = playground.messages(GROUP).length;

    const answer = await playground.presses(bob, shared, button(form, 'Approve'));

    expect(buttons(shared.card ?? {}).map(({ title }) => title)).to.deep.equal(['Decide …', 'Details']);
    expect(JSON.stringify(answer.value)).to.contain('Approved by Bob');
    const after = await playground.until(
      GROUP,
      ({ id, card }) => id === shared.id && JSON.stringify(card).includes('Approved by Bob'),
    );
    expect(buttons(after.card ?? {}).map(({ verb }) => verb)).not.to.include('decide');
    expect(playground.messages(GROUP).length).to.be.at.least(count);
  });

  it('answers the second press in private [C8, G8]', async () => {
    const approved = await playground.until(GROUP, has('Approved by Bob'));
    const id = /chg-[0-9a-f]{12}/.exec(JSON.stringify(approved.card))?.[0];
    const stale = { kind: 'decide', verdict: 'approve', approvalId: id, digest: 'a'.repeat(64) };

    const { type, value } = await playground.presses(dave, approved, {
      type: 'Action.Execute',
      verb: 'decide',
      data: stale,
    });

    expect(type).to.equal('application/vnd.microsoft.activity.message');
    expect(value).to.match(/already decided|changed/);
  });

  it('tells whoever may not decide who may, in private [C8]', async () => {
    const shared = await asked(known.healthyInstance);
    const before = playground.messages(GROUP).length;

    const { type, value } = await playground.presses(carol, shared, button(shared.card, 'Decide …'));

    expect(type).to.equal('application/vnd.microsoft.activity.message');
    expect(value).to.match(/^You cannot decide this change\. Who may: /);
    expect(playground.messages(GROUP)).to.have.length(before);
  });

  it('takes a no with its reason, and shows it to everybody [G7]', async () => {
    const shared = await playground.until(GROUP, has('Waiting for approval'));
    const reject = button(await ownForm(bob, shared), 'Reject');
    const data = { ...(reject.data as Wire), reason: 'The nightly batch runs until 04:00.' };

    await playground.presses(bob, shared, { ...reject, data });

    const after = await playground.until(
      GROUP,
      ({ id, card }) => id === shared.id && JSON.stringify(card).includes('Rejected by Bob'),
    );
    expect(JSON.stringify(after.card)).to.contain('The nightly batch runs until 04:00.');
  });
});
