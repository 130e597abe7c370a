import { expect } from 'chai';
import fc from 'fast-check';
import { type Press, readPress } from '../../../cards/blockkit/press.ts';
import { readReason, reasonModal } from '../../../cards/blockkit/reason-modal.ts';
import { renderBlockKit } from '../../../cards/blockkit/render.ts';
import { type Action, VERDICTS } from '../../../cards/view.ts';
import { expectGolden } from '../golden.ts';
import { approvalSample, approvalStates } from '../samples.ts';
import { brokenViewLimits } from './block-limits.ts';
import { buttons, readable } from './block-text.ts';

const ids = { approvalId: 'chg-5d1f0a9c2b47', digest: '3f'.repeat(32) };
const ask: Extract<Press, { kind: 'ask' }> = { kind: 'ask', verdict: 'reject', ...ids };
const where = JSON.stringify({ channel: 'C1', ts: '1795230245.000100' });

function pressesOf(actions: Action[]): (Press | undefined)[] {
  const { blocks } = renderBlockKit({ kind: 'message', title: 'x', body: 'x', actions }, { charts: 'native' });
  return buttons(blocks).map(({ action_id, value }) => readPress(action_id, value));
}

/** What Slack sends when the dialog was filled in. */
function submitted(over: object = {}, reason: unknown = 'The batch still runs.') {
  const { callback_id, private_metadata } = reasonModal(ask, where);
  return {
    type: 'modal',
    id: 'V1',
    callback_id,
    private_metadata,
    state: { values: { reason: { reason: { type: 'plain_text_input', value: reason } } } },
    ...over,
  };
}

describe('a press in Slack', () => {
  it('reads back as what the button was made for [C1]', () => {
    const actions: Action[] = [
      { kind: 'say', label: 'Help', text: 'help' },
      ...VERDICTS.flatMap((verdict) =>
        (['none', 'required'] as const).map(
          (reason) => ({ kind: 'decide', label: verdict, verdict, reason, ...ids }) as const,
        ),
      ),
      { kind: 'link', label: 'Console', url: 'https://ops.example.com/' },
    ];

    const presses = pressesOf(actions);

    expect(presses).to.deep.equal([
      { kind: 'say', text: 'help' },
      ...VERDICTS.flatMap((verdict) => [
        { kind: 'decide', verdict, ...ids },
        { kind: 'ask', verdict, ...ids },
      ]),
      { kind: 'link' },
    ]);
  });

  it('reads back whatever command a button may hold, or there is no button [C1]', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 600 }), { maxLength: 30 }), (texts) => {
        const presses = pressesOf(texts.map((text) => ({ kind: 'say', label: 'x', text })));

        for (const press of presses) expect(press).to.deep.include({ kind: 'say' });
        for (const press of presses) expect(texts).to.include(press?.kind === 'say' ? press.text : '');
      }),
    );
  });

  it('tells the same verdict on two changes apart [C1]', () => {
    const actions = ['chg-1', 'chg-2'].map(
      (approvalId) =>
        ({ kind: 'decide', label: approvalId, verdict: 'approve', reason: 'none', ...ids, approvalId }) as const,
    );

    const presses = pressesOf(actions);

    expect(presses.map((press) => press?.kind === 'decide' && press.approvalId)).to.deep.equal(['chg-1', 'chg-2']);
  });

  it('means nothing when it is not one of ours [C1]', () => {
    const value = JSON.stringify(ids);
    const foreign: [unknown, unknown][] = [
      ['decide:approve', '{'],
      ['decide:approve', '{}'],
      ['decide:approve', JSON.stringify({ ...ids, digest: '' })],
      ['decide:approve', JSON.stringify({ ...ids, verdict: 'approve' })],
      ['decide:approve', JSON.stringify({ ...ids, approvalId: ['chg-1'] })],
      ['decide:execute', value],
      ['decide:approve:approve', value],
      ['approve', value],
      ['ask:', value],
      ['say:1', ''],
      ['say:1', ' '],
      ['say:1', 'x'.repeat(2001)],
      ['say:x', 'help'],
      ['decide:approve', undefined],
      [undefined, value],
      [null, null],
      [['decide:approve'], value],
    ];

    const read = foreign.map(([actionId, given]) => readPress(actionId, given));

    expect(read).to.deep.equal(foreign.map(() => undefined));
  });

  it('never throws, whatever comes in [C1]', () => {
    const actionId = fc.oneof(fc.anything(), fc.constantFrom('decide:approve', 'ask:reject', 'say:1', 'link:1'));
    fc.assert(
      fc.property(actionId, fc.oneof(fc.anything(), fc.json()), (id, value) => {
        const press = readPress(id, value);

        if (press?.kind === 'decide' || press?.kind === 'ask') expect.fail('a decision out of nothing');
      }),
    );
  });

  it('asks for a reason before a rejection, and sends an approval at once [G7]', () => {
    const { blocks } = renderBlockKit(approvalSample(), { charts: 'native' });

    expect(buttons(blocks).map(({ action_id }) => action_id)).to.deep.equal([
      'decide:approve',
      'ask:reject',
      'decide:cancel',
    ]);
  });

  it('takes the buttons of a decided change away, and offers nobody to approve twice [G11]', () => {
    const labels = Object.values(approvalStates).map((view) => {
      const { blocks } = renderBlockKit(view, { charts: 'native' });
      return [view.state, buttons(blocks).map(({ action_id }) => action_id)];
    });

    const offered = labels.filter(([, ids]) => ids && ids.length > 0);
    expect(offered).to.deep.equal([
      ['pending', ['decide:approve', 'ask:reject', 'decide:cancel']],
      ['approved', ['ask:reject', 'decide:cancel']],
    ]);
  });
});

describe('the reason dialog', () => {
  for (const verdict of VERDICTS) {
    it(`asks why before it does ${verdict} [C1, G7]`, () => {
      const modal = reasonModal({ ...ask, verdict }, where);

      expectGolden(`blockkit/reason-${verdict}.json`, `${JSON.stringify(modal, null, 2)}\n`);
      expect(brokenViewLimits(modal)).to.deep.equal([]);
      expect(readable(modal)).to.include('The requester will read this.');
    });
  }

  it('gives back the change, the place and the reason without blanks around it [G7]', () => {
    const read = readReason(submitted({}, '  The batch still runs.\n'));

    expect(read).to.deep.equal({ verdict: 'reject', ...ids, where, reason: 'The batch still runs.' });
  });

  it('gives back nothing when it is blank, too long, another dialog or tampered with [C1, G7]', () => {
    const views = [
      submitted({}, ' \n '),
      submitted({}, 'x'.repeat(301)),
      submitted({}, null),
      submitted({ callback_id: 'other' }),
      submitted({ private_metadata: '{' }),
      submitted({ private_metadata: JSON.stringify({ verdict: 'execute', ...ids, where }) }),
      submitted({ private_metadata: JSON.stringify({ verdict: 'reject', ...ids, where: 1 }) }),
      submitted({ state: { values: {} } }),
      undefined,
      'reason',
      [],
    ];

    const read = views.map(readReason);

    expect(read).to.deep.equal(views.map(() => undefined));
  });

  it('never throws, whatever comes in [C1]', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (state, metadata) => {
        expect(readReason(submitted({ state, private_metadata: metadata }))).to.equal(undefined);
      }),
    );
  });
});
