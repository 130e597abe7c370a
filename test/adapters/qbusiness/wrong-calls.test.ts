import { expect } from 'chai';
import { problem } from '../../../adapters/http/reply.ts';
import { known } from '../../../tools/aws/simulated/known.ts';
import { ALICE, BOB } from '../../e2e/opsagent.ts';
import { send } from '../web/web-harness.ts';
import { type Answered, openRest, type Rest } from './rest-house.ts';

const TOKEN = `approve-${'a'.repeat(43)}`;

/** A call, its status, its code, and what its detail and hint must say together. */
const wrong: [path: string, body: unknown, status: number, code: string, says: RegExp][] = [
  [
    'diagnostic',
    { operation: 'reboot_ec2' },
    400,
    'input_invalid',
    /not for \/operations\/diagnostic.*POST \/operations\/write/s,
  ],
  ['write', { operation: 'list_alarms' }, 400, 'input_invalid', /POST \/operations\/diagnostic/],
  ['workflow', { operation: 'list_alarms' }, 400, 'input_invalid', /POST \/operations\/diagnostic/],
  ['diagnostic', { operation: 'create_incident_record' }, 400, 'input_invalid', /POST \/operations\/workflow/],
  ['write', { operation: 'approve_action' }, 400, 'input_invalid', /POST \/operations\/approve/],
  ['approve', { operation: 'reject_action' }, 400, 'input_invalid', /POST \/operations\/reject/],
  ['diagnostic', { operation: 'drop_tables' }, 404, 'unknown_tool', /get_ec2_status/],
  ['diagnostic', { operation: '__proto__' }, 404, 'unknown_tool', /no such operation/],
  ['status', { operation: 'constructor' }, 404, 'unknown_tool', /get_request_status/],
  ['diagnostic', {}, 400, 'input_invalid', /operation is missing/],
  ['diagnostic', { operation: 7 }, 400, 'input_invalid', /^operation: /],
  ['diagnostic', { operation: 'list_alarms', parameters: [] }, 400, 'input_invalid', /^parameters: /],
  ['diagnostic', { operation: 'get_ec2_status' }, 400, 'input_invalid', /instance_id.*It takes instance_id, metrics/s],
  [
    'diagnostic',
    { operation: 'list_alarms', parameters: { colour: 'red' } },
    400,
    'input_invalid',
    /colour: not known/,
  ],
  ['diagnostic', { operation: 'get_ec2_status', parameters: { instance_id: {} } }, 400, 'input_invalid', /instance_id/],
  [
    'write',
    { operation: 'scale_ecs_service', parameters: { desired_count: -1 } },
    400,
    'input_invalid',
    /desired_count/,
  ],
  ['propose', { parameters: {} }, 400, 'input_invalid', /action is missing/],
  ['propose', { parameters: { action: 'list_alarms' } }, 400, 'input_invalid', /nothing to propose.*reboot_ec2/s],
  ['propose', { parameters: { action: 'nuke' } }, 404, 'unknown_tool', /reboot_ec2, scale_ecs_service/],
  ['approve', { parameters: {} }, 400, 'input_invalid', /approval_token/],
  ['approve', { parameters: { approval_token: 'chg-0123456789ab' } }, 400, 'input_invalid', /looks like approve-/],
  ['reject', { parameters: { approval_token: TOKEN, reason: 'x'.repeat(1001) } }, 400, 'input_invalid', /reason/],
  ['status', { parameters: {} }, 400, 'input_invalid', /approval_id is missing/],
  ['status', { parameters: { approval_id: 'chg-1; drop' } }, 400, 'input_invalid', /chg-0123456789ab/],
  ['diagnostic', { operation: 'list_alarms', user_context: { email: BOB } }, 403, 'access_denied', /somebody else/],
  ['diagnostic', { operation: 'list_alarms', user_context: { user_id: BOB } }, 403, 'access_denied', /somebody else/],
  ['diagnostic', { operation: 'list_alarms', user_context: 'bob' }, 400, 'input_invalid', /^user_context/],
  ['diagnostic', [], 400, 'input_invalid', /no JSON object/],
  ['diagnostic', '{"operation":"list_alarms","operation":"reboot_ec2"}', 400, 'input_invalid', /twice/],
  ['diagnostic', '{', 400, 'input_invalid', /not valid JSON/],
  ['reboot_ec2', { instance_id: 'i-1' }, 400, 'input_invalid', /instance_id.*It takes instance_id, reason, region/s],
  ['approve_change', {}, 400, 'input_invalid', /approval_token/],
];

describe('a wrong call of REST', function () {
  this.timeout(20_000);
  let rest: Rest;

  before(async () => {
    rest = await openRest();
  });

  after(() => rest.close());

  for (const [path, body, status, code, says] of wrong) {
    it(`is told what is wrong and what to do: ${path} ${JSON.stringify(body).slice(0, 90)} [Q4, Q1]`, async () => {
      const answer = await rest.post(`/operations/${path}`, body);

      expectProblem(answer, status, code);
      expect(`${answer.body.detail}\n${answer.body.hint}`).to.match(says);
    });
  }

  it('is told so for text that says nothing, and for a conversation with a strange name [Q4]', async () => {
    const answers = [
      await rest.post('/chat', {}),
      await rest.post('/chat', { text: ' ' }),
      await rest.post('/chat', { text: 'help', conversation_id: 'bob@example.com:c1' }),
      await rest.post('/chat', { text: '\ud800' }),
    ];

    for (const answer of answers) expectProblem(answer, 400, 'input_invalid');
  });

  it('is told so for a body of another type, one that is too large, and a key that no header holds [Q4]', async () => {
    const call = { operation: 'list_alarms' };

    const type = await rest.post('/operations/diagnostic', call, ALICE, { 'content-type': 'text/plain' });
    const size = await rest.post('/operations/diagnostic', { ...call, more: 'x'.repeat(300_000) });
    const key = await rest.post('/operations/diagnostic', call, ALICE, { 'idempotency-key': 'k'.repeat(201) });

    expectProblem(type, 415, 'input_invalid');
    expectProblem(size, 413, 'input_invalid');
    expectProblem(key, 400, 'input_invalid');
  });

  it('is told so for a parameter that is there twice [Q4]', async () => {
    const twice = await rest.get('/operations/list_alarms?state=ok&state=alarm');
    const unknown = await rest.get('/operations/list_alarms?colour=red');

    expectProblem(twice, 400, 'input_invalid');
    expectProblem(unknown, 400, 'input_invalid');
  });

  it('is told the method when it comes with another one [Q4]', async () => {
    const get = await rest.get('/operations/diagnostic');
    const post = await rest.post('/operations/list_alarms', {});

    expectProblem(get, 405, 'input_invalid');
    expectProblem(post, 405, 'input_invalid');
    expect([get, post].map(({ headers }) => headers.get('allow'))).to.deep.equal(['POST', 'GET']);
  });

  it('is refused in the words of whoever is at the door [Q4]', async () => {
    const refused = problem(
      429,
      { code: 'access_denied', message: 'Too often.', hint: 'Wait.' },
      { 'retry-after': '7' },
    );
    const closed = await openRest({}, async () => ({ refused }));

    const answer = await closed.post('/operations/diagnostic', { operation: 'list_alarms' });
    await closed.close();

    expectProblem(answer, 429, 'access_denied');
    expect(answer.headers.get('retry-after')).to.equal('7');
  });

  it('lets nobody in under another name of this machine or from another site [Q4]', async () => {
    const call = { method: 'POST', path: '/operations/diagnostic', body: { operation: 'list_alarms' } };

    const foreign = await send(rest.port, { ...call, headers: { host: 'evil.example' } });
    const site = await send(rest.port, { ...call, headers: { origin: 'https://evil.example' } });

    expect([foreign.status, site.status]).to.deep.equal([421, 403]);
  });

  describe('and what a person must read', () => {
    const answers: [what: string, call: () => Promise<Answered>, status: string][] = [
      ['a rule that says no', () => write('carol@example.com', known.sickInstance), 'denied'],
      ['an instance that AWS does not have', () => write(ALICE, 'i-00000000'), 'not_found'],
      ['a resource nobody may change', () => write(ALICE, known.untaggedInstance), 'denied'],
      [
        'a token nobody gave',
        () => rest.post('/operations/approve', { parameters: { approval_token: TOKEN } }, BOB),
        'not_found',
      ],
      ['an instance that is stopped', () => write(ALICE, known.stoppedInstance), 'failed'],
    ];

    const write = (as: string, instance_id: string) =>
      rest.post('/operations/write', { operation: 'reboot_ec2', parameters: { instance_id } }, as);

    it('is an answer with a status, not an error: somebody with a good token who is not on the list [Q4, Q3]', async () => {
      const proved = await openRest({}, async (_request, channel) => ({
        speaker: { channel, userId: 'eve@example.com', auth: 'bearer' },
      }));

      const { status, body } = await proved.get('/operations/list_ec2_instances');
      await proved.close();

      expect(status).to.equal(200);
      expect(body).to.include({ success: false, status: 'denied' });
      expect(body.summary).to.include('eve@example.com');
    });

    for (const [what, call, status] of answers) {
      it(`is an answer with a status, not an error: ${what} [Q4]`, async () => {
        const answer = await call();

        expect(answer.status).to.equal(200);
        expect(answer.body).to.include({ success: false, status });
        expect(answer.body.summary).to.be.a('string').with.length.above(30);
        expect(answer.body.correlation_id).to.be.a('string');
      });
    }
  });
});

function expectProblem({ status, type, body }: Answered, expected: number, code: string): void {
  expect({ status, type, code: body.code }, JSON.stringify(body)).to.deep.equal({
    ...{ status: expected, code },
    type: 'application/problem+json',
  });
  expect(body).to.have.all.keys('type', 'title', 'status', 'detail', 'code', 'hint', 'correlation_id');
  expect(body).to.include({ type: 'about:blank', status: expected });
  expect([body.title, body.detail, body.hint].every((words) => typeof words === 'string' && words.length > 3)).to.equal(
    true,
  );
}
