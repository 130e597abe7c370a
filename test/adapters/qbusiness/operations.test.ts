import { expect } from 'chai';
import { postKind } from '../../../approvals/outbox.ts';
import { known } from '../../../tools/aws/simulated/known.ts';
import { ALICE, BOB } from '../../e2e/opsagent.ts';
import { type Answered, openRest, type Rest } from './rest-house.ts';

const USUAL = ['success', 'status', 'summary', 'details', 'execution_mode', 'correlation_id'];
const REBOOT = { action: 'reboot_ec2', instance_id: known.sickInstance, reason: 'it hangs' };
const CAROL = 'carol@example.com';

describe('REST', function () {
  this.timeout(20_000);
  let rest: Rest;

  beforeEach(async () => {
    rest = await openRest();
  });

  afterEach(() => rest.close());

  const propose = async (parameters: object = REBOOT): Promise<Record<string, unknown>> => {
    const { body } = await rest.post('/operations/propose', { operation: 'propose_action', parameters });
    return body;
  };
  const decide = (verdict: 'approve' | 'reject', approval_token: unknown, as: string, more: object = {}) =>
    rest.post(`/operations/${verdict}`, { parameters: { approval_token, ...more } }, as);

  it('answers a diagnostic with a summary, statistics and data points [Q1, T2]', async () => {
    const { status, body } = await rest.post('/operations/diagnostic', {
      operation: 'get_cloudwatch_metrics',
      parameters: {
        ...{ namespace: 'AWS/EC2', metric_name: 'CPUUtilization', resource_id: known.sickInstance },
        time_window: '1h',
      },
      user_context: { user_id: ALICE, email: ALICE },
    });

    const { statistics, data_points } = body.details as Record<string, unknown>;
    expect(status).to.equal(200);
    expect(body).to.have.all.keys(USUAL);
    expect(body).to.include({ success: true, status: 'done', execution_mode: 'LOCAL_MOCK' });
    expect(body.summary).to.match(/Average: \d+(\.\d+)? %.*Trend: /);
    expect(statistics).to.have.all.keys('average', 'maximum', 'minimum', 'trend');
    expect(data_points).to.be.an('array').with.length.above(50);
  });

  it('proposes a change with token, expiry, impact and instructions, and changes nothing [Q1, G6]', async () => {
    const body = await propose();

    expect(body).to.include({ success: true, status: 'pending', approval_required: true, risk_level: 'medium' });
    expect(body.approval_token).to.match(/^approve-[\w-]{43}$/);
    expect(Date.parse(String(body.expires_at))).to.be.above(Date.now());
    expect(body.action_summary).to.match(/^Reboot EC2 instance .*running → rebooting/);
    expect(body.impact_assessment).to.match(/^Downtime: about 1–5 minutes\. Affected: /);
    expect(body.instructions).to.match(/^Nothing has been changed\..*approve_change/);
    expect(body).not.to.have.any.keys('action_executed', 'execution_details', 'monitoring');
  });

  it('executes once when somebody approves with the token, and tells what to watch [Q1, G5, G10]', async () => {
    const { approval_token: token, approval_id: id } = await propose();

    const first = await rest.post(
      '/operations/approve',
      { operation: 'approve_action', parameters: { approval_token: token }, user_context: { email: BOB } },
      BOB,
    );
    const second = await decide('approve', token, BOB);

    expect(first.body).to.include({ success: true, status: 'succeeded', approval_id: id, approval_required: false });
    expect(first.body.action_executed).to.match(/^Reboot EC2 instance/);
    expect(first.body.execution_details).to.match(/^Initiated: /);
    expect(first.body.monitoring).to.match(/^Its effect /);
    expect(second.status).to.equal(200);
    expect(second.body).to.include({ success: false, status: 'already_decided' });
  });

  it('rejects with a reason, says so, and refuses without one [Q1, G7]', async () => {
    const { approval_token: token, approval_id: id } = await propose();

    const without = await decide('reject', token, BOB);
    const withReason = await decide('reject', token, BOB, { reason: 'not now' });

    expect(without.body).to.include({ success: false, status: 'denied' });
    expect(without.body.details).to.include({
      rule: 'reason-required',
      next: `Say it with the reason: reject ${id} because …`,
    });
    expect(withReason.body).to.include({ success: true, status: 'rejected', approval_required: false });
    expect(withReason.body.details).to.include({ decided: 'rejected by Bob, because not now' });
    expect(withReason.body.execution_details).to.match(/nothing was executed/i);
  });

  it('tells by id and by token where a change stands, and gives the token to nobody again [Q1, A5]', async () => {
    const { approval_token: token, approval_id: id } = await propose();

    const byId = await rest.post('/operations/status', { parameters: { approval_id: id } }, CAROL);
    const byToken = await rest.post('/operations/status', {
      operation: 'get_request_status',
      parameters: { approval_token: token },
    });
    const flat = await rest.get(`/operations/get_change_status?approval_id=${id}`);
    const nowhere = await rest.post('/operations/status', { parameters: { approval_id: 'chg-000000000000' } });

    for (const { body } of [byId, byToken, flat]) {
      expect(body).to.include({ success: true, status: 'pending', approval_id: id, approval_required: true });
      expect(JSON.stringify(body)).not.to.include(token);
    }
    expect(nowhere.status).to.equal(200);
    expect(nowhere.body).to.include({ success: false, status: 'not_found' });
  });

  it('creates an incident with a number, links as text or as a list [Q1, T7]', async () => {
    const parameters = {
      summary: 'checkout answers 503',
      severity: 'high',
      links: ['https://wiki.example.com/runbook'],
    };

    const { status, body } = await rest.post('/operations/workflow', {
      operation: 'create_incident_record',
      parameters,
    });

    expect(status).to.equal(200);
    expect(body).to.include({ success: true, status: 'done' });
    expect(body.summary).to.match(/INC-\d{4}-\d{6}/);
    expect(body.details).to.have.nested.property('incident.links').that.deep.equals(parameters.links);
  });

  it('gives no secret out that AWS or a person put into an answer, as object or as text [Q1, A5]', async () => {
    const key = `oak_${'s3cret'.repeat(8).slice(0, 43)}`;
    const parameters = { summary: `the key ${key} leaked`, severity: 'high' };

    const whole = await rest.post('/operations/workflow', { operation: 'create_incident_record', parameters });
    const flat = await rest.post('/operations/create_incident_record', parameters);
    const listed = await rest.post('/operations/diagnostic', { operation: 'list_incidents' });

    for (const { body } of [whole, flat, listed]) {
      expect(body).to.include({ success: true });
      expect(JSON.stringify(body)).to.include('[redacted API key]').and.not.include(key);
    }
  });

  it('talks, in a conversation of one’s own [Q1]', async () => {
    const asked = await rest.post('/chat', { text: 'scale checkout in main', conversation_id: 'c1' });
    const elsewhere = await rest.post('/chat', { text: '6', conversation_id: 'c2' });
    const somebody = await rest.post('/chat', { text: '6', conversation_id: 'c1' }, BOB);
    const answered = await rest.post('/chat', { text: '6', conversation_id: 'c1', user_context: { email: ALICE } });

    expect(asked.body).to.include({ success: false, status: 'question' });
    expect(elsewhere.body).to.include({ success: false, status: 'not_understood' });
    expect(somebody.body).to.include({ success: false, status: 'not_understood' });
    expect(answered.body).to.include({ success: true, status: 'pending' });
    expect(answered.body.action_summary).to.match(/Scale .*checkout/);
  });

  it('approves by the token as text too [G5]', async () => {
    const { approval_token: token } = await propose();

    const { body } = await rest.post('/chat', { text: `approve token:${token}` }, BOB);

    expect(body).to.include({ success: true, status: 'succeeded' });
  });

  it('never takes the request’s word for an approval [Q6, Q1]', async () => {
    const confirmed = { confirmed: true, approved: true, approved_by: BOB, status: 'approved' };

    const outside = await rest.post('/operations/write', {
      ...{ operation: 'reboot_ec2', parameters: { instance_id: known.sickInstance } },
      ...confirmed,
      user_context: { user_id: 'U0123ABCD', email: ALICE, ...confirmed },
    });
    const inside = await rest.post('/operations/write', {
      operation: 'reboot_ec2',
      parameters: { instance_id: known.healthyInstance, ...confirmed },
    });
    const decided = await decide('approve', outside.body.approval_token, CAROL, confirmed);

    expect(outside.body).to.include({ success: true, status: 'pending', approval_required: true });
    expect(inside).to.include({ status: 400 });
    expect(decided.body).to.include({ success: false, status: 'denied' });
    expect((await rest.house.desk.approval(String(outside.body.approval_id)))?.value.state).to.equal('pending');
  });

  it('does the same for the same Idempotency-Key of the same person once [Q1]', async () => {
    const call = { operation: 'create_incident_record', parameters: { summary: 'once', severity: 'low' } };
    const key = { 'idempotency-key': 'k-1' };

    const first = await rest.post('/operations/workflow', call, ALICE, key);
    const again = await rest.post('/operations/workflow', call, ALICE, key);
    const another = await rest.post('/operations/workflow', call, BOB, key);

    expect(first.body).to.include({ success: true });
    expect(again).to.include({ status: 200 });
    expect(again.body).to.include({ success: false, status: 'duplicate' });
    expect(another.body).to.include({ success: true, status: 'done' });
  });

  it('asks the approvers, and keeps no message for the program that asked [G11, Q1]', async () => {
    const { approval_token: token, approval_id: id } = await propose();
    const posts = async (channel: string) =>
      (await rest.house.store.query(postKind, { index: 'due', partition: channel, limit: 50 })).rows;
    const cards = (await posts('web')).map(({ value }) => value);

    await decide('reject', token, BOB, { reason: 'no' });
    const told = (await posts('web')).map(({ value }) => value.under);

    expect(cards.map(({ to, card_of }) => ({ to, card_of }))).to.deep.equal([
      { to: { channel: 'web', id: '#ops' }, card_of: id },
    ]);
    expect(told).to.include(id);
    expect(await posts('api')).to.deep.equal([]);
  });

  it('counts the people, not the calls: a change of high risk takes two [G3, Q1]', async () => {
    const { approval_token: token } = await propose({ action: 'reboot_ec2', instance_id: known.productionInstance });

    const one = await decide('approve', token, BOB);
    const same = await decide('approve', token, BOB);
    const two = await decide('approve', token, 'dave@example.com');

    expect(one.body).to.include({ success: true, status: 'pending', approval_required: true });
    expect(one.body.instructions).to.match(/2 different people must approve, 1 has so far/);
    expect(same.body).to.include({ success: false, status: 'denied' });
    expect(two.body).to.include({ success: true, status: 'succeeded' });
  });

  describe('the flat operations', () => {
    const flat = ({ body }: Answered) =>
      Object.entries(body).filter(([, value]) => typeof value === 'object' || value === undefined);

    it('answer in text alone what the others answer in objects [Q2, Q1]', async () => {
      const read = await rest.get(
        `/operations/get_ec2_status?instance_id=${known.sickInstance}&metrics=cpu,memory&region=`,
      );
      const proposed = await rest.post('/operations/reboot_ec2', { instance_id: known.sickInstance, reason: '' });
      const approved = await rest.post(
        '/operations/approve_change',
        { approval_token: proposed.body.approval_token },
        BOB,
      );
      const listed = await rest.get('/operations/list_alarms?state=alarm&max_results=3');

      expect([read, proposed, approved, listed].flatMap(flat)).to.deep.equal([]);
      expect(read.body.details).to.include('web-2');
      expect(proposed.body).to.include({ status: 'pending' });
      expect(approved.body).to.include({ success: true, status: 'succeeded' });
      expect(listed.body).to.include({ success: true });
    });

    it('reject too [Q2, G7]', async () => {
      const { body } = await rest.post('/operations/reboot_ec2', { instance_id: known.sickInstance });

      const rejected = await rest.post(
        '/operations/reject_change',
        { approval_token: body.approval_token, reason: 'no' },
        BOB,
      );

      expect(rejected.body).to.include({ success: true, status: 'rejected' });
    });
  });
});
