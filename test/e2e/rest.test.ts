import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { openApiRules } from '../adapters/qbusiness/openapi-rules.ts';
import { type Answered, callsOf, type Rest } from '../adapters/qbusiness/rest-house.ts';
import { ALICE, BOB, type Installation, install } from './opsagent.ts';
import { eventually } from './record-of.ts';
import { type Serving, serveIn } from './serving.ts';

const ENV = { PUBLIC_URL: 'https://ops.example.com' };

describe('opsagent serve, called by REST', function () {
  this.timeout(40_000);
  let house: Installation;
  let server: Serving;
  let rest: Pick<Rest, 'get' | 'post'>;

  before(async () => {
    house = install(ENV);
    server = await serveIn(house);
    rest = callsOf(server.port);
  });

  after(async () => {
    server.signal('SIGKILL');
    await server.ended;
    house.remove();
  });

  const good = ({ status, body }: Answered) => {
    expect({ status, success: body.success }, JSON.stringify(body)).to.deep.equal({ status: 200, success: true });
    return body;
  };

  it('takes the four example requests word for word [Q1]', async () => {
    const user_context = { user_id: ALICE, email: ALICE };

    const read = await rest.post('/operations/diagnostic', {
      operation: 'get_cloudwatch_metrics',
      parameters: {
        namespace: 'AWS/EC2',
        metric_name: 'CPUUtilization',
        resource_id: known.sickInstance,
        time_window: '1h',
      },
      user_context,
    });
    const proposed = await rest.post('/operations/propose', {
      operation: 'propose_action',
      parameters: { action: 'reboot_ec2', instance_id: known.sickInstance, reason: 'it does not answer' },
      user_context,
    });
    const approved = await rest.post(
      '/operations/approve',
      {
        operation: 'approve_action',
        parameters: { approval_token: proposed.body.approval_token },
        user_context: { user_id: BOB },
      },
      BOB,
    );
    const incident = await rest.post('/operations/workflow', {
      operation: 'create_incident_record',
      parameters: { summary: 'web-2 hangs', severity: 'high' },
      user_context,
    });

    expect(good(read).details).to.include.keys('statistics', 'data_points');
    expect(good(proposed)).to.include.keys('approval_token', 'expires_at', 'impact_assessment', 'instructions');
    expect(good(approved)).to.include({ status: 'succeeded' }).and.to.include.keys('action_executed', 'monitoring');
    expect(good(incident).summary).to.match(/INC-\d{4}-000001/);
  });

  it('tells afterwards that the effect was seen, and leaves a chain that verifies [Q1, G12, A2]', async () => {
    const proposed = await rest.post('/operations/scale_ecs_service', {
      cluster: 'main',
      service: 'cart',
      desired_count: 3,
    });
    const { approval_id: id, approval_token } = good(proposed);
    good(await rest.post('/operations/approve_change', { approval_token }, BOB));

    const { body } = await rest.get(`/operations/get_change_status?approval_id=${id}`);
    const { code, stdout } = await house.run(['audit', 'verify']);

    expect(body).to.include({ success: true, status: 'succeeded' });
    expect({ code }, stdout).to.deep.equal({ code: 0 });
  });

  it('serves its document at /openapi.json, for where it is reached [Q2]', async () => {
    const { status, type, body } = await rest.get('/openapi.json');

    const broken = openApiRules
      .filter(({ name }) => !name.startsWith('lets people sign in'))
      .flatMap(({ name, check }) => check(body).map((found) => `${name}: ${found}`));
    expect({ status, type }).to.deep.equal({ status: 200, type: 'application/json; charset=utf-8' });
    expect(body.servers).to.deep.equal([{ url: ENV.PUBLIC_URL }]);
    expect(broken).to.deep.equal([]);
  });

  it('lets the console and REST see the same changes [Q1, C3]', async () => {
    const { approval_id: id } = good(await rest.post('/operations/reboot_ec2', { instance_id: known.healthyInstance }));

    const pending = await server.approvals(BOB, 'pending');
    const shown = await eventually(
      async () => (await server.messages(BOB, '#ops')).map(({ view }) => view?.approvalId),
      (ids) => ids.includes(String(id)),
      10_000,
    );

    expect(pending.map(({ approvalId }) => approvalId)).to.include(id);
    expect(shown).to.include(id);
  });
});

describe('opsagent serve, called by REST outside the simulator', function () {
  this.timeout(40_000);

  it('lets nobody in without a proof of who it is, and reads nothing for them [Q4]', async () => {
    const house = install({
      EXECUTION_MODE: 'DRY_RUN',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'y',
    });
    writeFileSync(house.path('people.yaml'), 'Alice: {email: alice@example.com, roles: [admin]}');
    const server = await serveIn(house, { PEOPLE_FILE: house.path('people.yaml') });
    const rest = callsOf(server.port);

    const answers = [
      await rest.post('/operations/diagnostic', { operation: 'list_alarms' }, ALICE),
      await rest.get('/operations/list_alarms', ALICE),
      await rest.post('/chat', { text: 'help', user_context: { email: ALICE } }),
    ];
    server.signal('SIGKILL');
    await server.ended;
    house.remove();

    for (const { status, type, body } of answers) {
      expect({ status, type }).to.deep.equal({ status: 401, type: 'application/problem+json' });
      expect(body.code).to.equal('unknown_person');
    }
  });
});
