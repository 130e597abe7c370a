import { expect } from 'chai';
import fc from 'fast-check';
import { formatRoute, parseRoute, type Route } from '../../console/src/routes.ts';

const text = fc.string({ minLength: 1, maxLength: 30 }).filter((value) => value.isWellFormed());
const route: fc.Arbitrary<Route> = fc.oneof(
  fc.record({ page: fc.constant('chat' as const), conversation: text }),
  fc.record(
    { page: fc.constant('approvals' as const), tab: fc.constantFrom('pending' as const, 'decided' as const), id: text },
    { requiredKeys: ['page', 'tab'] },
  ),
  fc.constant({ page: 'sessions' as const }),
  fc.record({
    page: fc.constant('audit' as const),
    filters: fc.record({ person: text, tool: text, from: text }, { requiredKeys: [] }),
  }),
  fc.record({
    page: fc.constant('reports' as const),
    name: fc.constantFrom('access' as const, 'operations' as const, 'keys' as const),
    window: text,
  }),
);

describe('the addresses of the console', () => {
  it('survive a reload, whatever is in them [C3]', () => {
    fc.assert(
      fc.property(route, (asked) => {
        expect(parseRoute(formatRoute(asked))).to.deep.equal(asked);
      }),
    );
  });

  it('keep the token of a step-up link while it is needed, and make no address with it [C3]', () => {
    const asked = parseRoute('#/approvals/chg-1?step_up=abc.def');

    expect(asked).to.deep.equal({ page: 'approvals', tab: 'pending', id: 'chg-1', stepUp: 'abc.def' });
    expect(formatRoute(asked)).to.equal('#/approvals/chg-1');
  });

  it('lead to the chat when they mean nothing [C3]', () => {
    const home = { page: 'chat', conversation: 'me' };

    for (const hash of ['', '#', '#/', '#/nowhere', '#/chat/']) expect(parseRoute(hash), hash).to.deep.equal(home);
  });

  it('keep a half broken percent sign instead of failing', () => {
    expect(parseRoute('#/chat/%E0%A4%A')).to.deep.equal({ page: 'chat', conversation: '%E0%A4%A' });
  });

  it('open the operations of the last 7 days where no report is named, or one that there is not [A7]', () => {
    const usual = { page: 'reports', name: 'operations', window: '7d' };

    for (const hash of ['#/reports', '#/reports/', '#/reports/salaries', '#/reports/__proto__?window='])
      expect(parseRoute(hash), hash).to.deep.equal(usual);
  });

  it('drop filters that the audit page does not have', () => {
    expect(parseRoute('#/audit?tool=reboot_ec2&limit=9&__proto__=x')).to.deep.equal({
      page: 'audit',
      filters: { tool: 'reboot_ec2' },
    });
  });
});
