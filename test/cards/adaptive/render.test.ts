import { createRequire } from 'node:module';
import { expect } from 'chai';
import { cardBytes } from '../../../cards/adaptive/limits.ts';
import { type AdaptiveCard, renderAdaptive } from '../../../cards/adaptive/render.ts';
import type { View } from '../../../cards/view.ts';
import { expectGolden, namedSamples } from '../golden.ts';
import { approvalSample, approvalStates, samples } from '../samples.ts';
import { elements, textsOf } from './card-tree.ts';

interface Parser {
  SerializationContext: new () => { eventCount: number; getEventAt(index: number): { message: string } };
  AdaptiveCard: new () => {
    parse(card: object, context: object): void;
    validateProperties(): { validationEvents: { message: string }[] };
  };
}

// The package's main file cannot be loaded by Node; its bundle can.
const parser: Parser = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js');

function complaints(card: AdaptiveCard): string[] {
  const context = new parser.SerializationContext();
  const parsed = new parser.AdaptiveCard();
  parsed.parse(card, context);
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index));
  return [...events, ...parsed.validateProperties().validationEvents].map(({ message }) => message);
}

describe('renderAdaptive', () => {
  for (const { name, view } of namedSamples()) {
    it(`renders ${name} as its golden card`, async () => {
      const card = await renderAdaptive(view);

      expectGolden(`adaptive/${name}.json`, `${JSON.stringify(card, null, 2)}\n`);
      expect(JSON.stringify(card)).not.to.include('${');
      expect(complaints(card)).to.deep.equal([]);
      expect(Buffer.byteLength(JSON.stringify(card))).to.be.at.most(cardBytes);
    });
  }

  it('shows on the proposal everything a person needs to decide [G6]', async () => {
    const view = approvalSample();

    const card = await renderAdaptive(view);

    const text = textsOf(card.body).join('\n');
    const shown = [
      ...[view.target, view.approvalId, view.digestPrefix, view.requester, view.reason, view.mayApprove],
      ...[view.impact.downtime, view.impact.recovery, ...view.impact.affected, ...view.riskReasons, ...view.warnings],
      ...view.changes.flatMap(({ field, before, after }) => [field, before, after]),
      ...['acme-prod (123456789012)', 'eu-west-1', 'SANDBOX_LIVE (real AWS)', 'high', 'Waiting for approval: 0 of 2'],
      ...['2 different people', '{{DATE(2026-11-21T03:19:05Z,SHORT)}} {{TIME(2026-11-21T03:19:05Z)}}'],
    ];
    for (const fact of shown) expect(text).to.include(fact);
    expect(text).to.include('Reboot EC2 instance i-0abc123def4567890 (web_1)');
  });

  it('never puts the approval token in a card [A5]', async () => {
    const token = 'approve-9r2mVhYyK0t3b8Qw5Xc1ZsLpUe7GfDaNjIoTqRkM4xE';

    const card = await renderAdaptive(approvalSample({ token }));

    expect(JSON.stringify(card)).not.to.include(token);
  });

  it('asks for a reason before it sends a rejection [G7]', async () => {
    const card = await renderAdaptive(approvalSample());

    const reject = card.actions[1] ?? {};
    expect(reject).to.include({ type: 'Action.ShowCard', style: 'destructive' });
    const input = elements(reject).find(({ type }) => type === 'Input.Text');
    expect(input).to.include({ id: 'reason', isRequired: true, maxLength: 300 });
    const send = elements(reject).find(({ type }) => type === 'Action.Execute');
    expect(send).to.deep.include({ verb: 'decide' });
    expect(send?.data).to.include({ kind: 'decide', verdict: 'reject', approvalId: 'chg-5d1f0a9c2b47' });
  });

  it('takes the buttons of a decided change away [G11]', async () => {
    const decided = Object.values(approvalStates).filter(({ state }) => state !== 'pending' && state !== 'approved');

    const cards = await Promise.all(decided.map((view) => renderAdaptive(view)));

    expect(cards.flatMap(({ actions }) => actions)).to.deep.equal([]);
  });

  it('offers nobody to approve what is approved already', async () => {
    const card = await renderAdaptive(approvalStates.approved);

    expect(card.actions.map(({ title }) => title)).to.deep.equal(['Reject …', 'Cancel my request']);
  });

  it('drops links that lead anywhere but to https or this machine', async () => {
    const urls = [
      'https://console.aws.amazon.com/',
      'http://127.0.0.1:3978/',
      'http://localhost:3978/approvals',
      'http://example.com/',
      'https://user:secret@example.com/',
      'javascript:alert(1)',
      'data:text/html,x',
      'not a link',
    ];
    const actions = urls.map((url) => ({ kind: 'link', label: url, url }) as const);

    const card = await renderAdaptive({ kind: 'message', title: 'Links', body: 'See', actions });

    expect(card.actions.map(({ url }) => url)).to.deep.equal(urls.slice(0, 3));
  });

  it('shows a moment in the zone of the reader, says so, and a broken one as it is', async () => {
    const fields = [
      { label: 'a', value: { at: '2026-11-21T04:04:05.678+01:00' } },
      { label: 'b', value: { at: '{{DATE(2020-01-01T00:00:00Z)}}' } },
    ];

    const card = await renderAdaptive({ kind: 'facts', title: 'Moments', fields });

    const texts = textsOf(card.body);
    expect(texts).to.include('{{DATE(2026-11-21T03:04:05Z,SHORT)}} {{TIME(2026-11-21T03:04:05Z)}} (your time)');
    expect(texts).to.include('{ {DATE(2020-01-01T00:00:00Z)}}');
  });

  it('gives every status a sign beside its colour', async () => {
    const states = ['good', 'warning', 'bad', 'waiting', 'neutral'] as const;
    const fields = states.map((status) => ({ label: status, value: { text: 'x', status } }));

    const card = await renderAdaptive({ kind: 'facts', title: 'Signs', fields });

    const signs = textsOf(card.body).filter((text) => text.endsWith('\u00a0x'));
    expect(new Set(signs.map((text) => text.charAt(0)))).to.have.property('size', states.length);
  });

  it('describes each chart in words for those who cannot see it [C7]', async () => {
    const card = await renderAdaptive(samples.chart[0] as View);

    const images = elements(card.body).filter(({ type }) => type === 'Image');
    expect(images).to.have.length(2);
    expect(images[0]?.altText).to.equal('CPU utilisation: min 11 % · avg 24.6 % · max 92 % · last 15 %');
    expect(images[0]?.url).to.match(/^data:image\/svg\+xml;base64,/);
  });

  it('writes rows as blocks when their columns are too wide for a phone', async () => {
    const [wide] = samples.table as [View];
    const narrow: View = { kind: 'table', title: 'Two', columns: ['A', 'B'], rows: [['1', '2']], empty: '' };

    const [wideCard, narrowCard, onPage] = await Promise.all([
      renderAdaptive(wide),
      renderAdaptive(narrow),
      renderAdaptive(wide, 'page'),
    ]);

    expect(elements(wideCard).some(({ type }) => type === 'Table')).to.equal(false);
    expect(
      elements(onPage).some(({ type }) => type === 'Table'),
      'a page has the room',
    ).to.equal(true);
    expect(textsOf(wideCard)).to.include('Name: web_1');
    expect(elements(narrowCard).some(({ type }) => type === 'Table')).to.equal(true);
  });
});
