import { expect } from 'chai';
import type { AuditEntry, AuditQuery } from '../../../adapters/web/console-data.ts';
import { anApproval } from '../views.ts';
import { startWeb, type WebHarness } from './web-harness.ts';

const person = 'alice@example.com';

describe('web console pages', () => {
  let house: WebHarness;
  const asked: AuditQuery[] = [];
  const pages = new Map<string | undefined, { entries: AuditEntry[]; next?: string }>();
  const lists: { state: string; limit: number; after?: string }[] = [];

  before(async () => {
    house = await startWeb({
      data: {
        approvals: async (query) => {
          lists.push(query);
          return { approvals: [anApproval({ token: 'approve-secret' })], next: 'page-2' };
        },
        audit: async (query) => {
          asked.push(query);
          return pages.get(query.after) ?? { entries: [], next: 'older' };
        },
      },
    });
  });
  after(() => house.close());
  beforeEach(() => {
    asked.length = 0;
    pages.clear();
    lists.length = 0;
  });

  it('lists approvals and the next page, without cards and tokens [C3, G15]', async () => {
    const { json, text } = await house.send({ path: '/api/approvals?state=pending&limit=5&after=page-1', person });

    expect(lists).to.deep.equal([{ state: 'pending', limit: 5, after: 'page-1' }]);
    expect(json.next).to.equal('page-2');
    expect(json.approvals).to.deep.equal([{ view: anApproval() }]);
    expect(text).not.to.contain('approve-secret');
  });

  it('shows one approval with its card and its history, and 404 for an unknown one [C3]', async () => {
    const known = await house.send({ path: '/api/approvals/apr-1', person });
    const unknown = await house.send({ path: '/api/approvals/apr-2', person });

    expect(known.json).to.deep.include({ view: anApproval(), history: [] });
    expect(known.json.card).to.have.property('type', 'AdaptiveCard');
    expect(unknown.status).to.equal(404);
    expect(unknown.json.hint).to.contain('Approvals');
  });

  it('passes every audit filter on, times in UTC and empty ones left out [C3]', async () => {
    const query = 'person=&tool=reboot_ec2&outcome=denied&change=apr-1&from=2026-11-20&to=2026-11-21T10:00:00%2B02:00';

    const { json } = await house.send({ path: `/api/audit?${query}&limit=10&after=x`, person });

    expect(json).to.deep.equal({ entries: [], next: 'older' });
    expect(asked[0]).to.include({
      tool: 'reboot_ec2',
      outcome: 'denied',
      changeId: 'apr-1',
      from: '2026-11-20T00:00:00.000Z',
      to: '2026-11-21T08:00:00.000Z',
      limit: 10,
      after: 'x',
    });
    expect(asked[0]?.person).to.equal(undefined);
  });

  it('offers no next page of filtered records when nothing after it passes the filter [C3]', async () => {
    pages.set('last', { entries: [] });
    pages.set(undefined, { entries: [], next: 'last' });

    const filtered = await house.send({ path: '/api/audit?outcome=denied', person });
    pages.set('last', { entries: [], next: 'far' });
    const perhaps = await house.send({ path: '/api/audit?outcome=denied', person });
    const all = await house.send({ path: '/api/audit', person });

    expect([filtered, perhaps, all].map(({ json }) => json.next)).to.deep.equal([undefined, 'last', 'last']);
  });

  for (const query of [
    'audit?from=yesterday',
    'audit?limit=1000',
    'audit?x=1',
    'audit/chain?fresh=yes',
    'approvals?state=all',
  ]) {
    it(`refuses /api/${query} and names the field`, async () => {
      const answer = await house.send({ path: `/api/${query}`, person });

      expect(answer.status).to.equal(400);
      expect(answer.json.code).to.equal('input_invalid');
    });
  }

  it('says how the audit chain is, and what it can be filtered by [C3]', async () => {
    const chain = await house.send({ path: '/api/audit/chain', person });
    const choices = await house.send({ path: '/api/audit/choices', person });

    expect(chain.json).to.deep.equal({ ok: true, records: 0, head: '' });
    expect(choices.json).to.deep.equal({
      tools: [{ name: 'reboot_ec2', title: 'Reboot EC2 instance' }],
      outcomes: ['done', 'denied'],
    });
  });

  it('keeps every answer of the API out of caches', async () => {
    const answers = await Promise.all(
      ['/api/session', '/api/audit/choices'].map((path) => house.send({ path, person })),
    );

    expect(answers.map(({ headers }) => headers['cache-control'])).to.deep.equal(['no-store', 'no-store']);
  });

  it('answers unknown addresses with a problem that says where to go', async () => {
    const paths = ['/api', '/api/', '/api/nothing', '/api/approvals/a/b', '/api/%00', '/API/session'];

    const answers = await Promise.all(paths.map((path) => house.send({ path, person })));

    expect(answers.map(({ status }) => status)).to.deep.equal(paths.map(() => 404));
    expect(answers[0]?.json).to.include({ code: 'not_found' });
  });

  it('answer nobody more often than 500 times a minute, and say when to go on [Q4]', async () => {
    const busy = await startWeb({ limits: { take: async (who) => (who === person ? 7 : undefined) } });

    const refused = await busy.send({ path: '/api/approvals', person });
    const other = await busy.send({ path: '/api/approvals', person: 'bob@example.com' });
    await busy.close();

    expect(refused.status).to.equal(429);
    expect(refused.json).to.include({ code: 'too_many_requests', hint: 'Try again in 7 s.' });
    expect(other.status).to.equal(200);
  });
});
