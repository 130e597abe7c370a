import { writeFileSync } from 'node:fs';
import { CreateTagsCommand, DeleteTagsCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { expect } from 'chai';
import { principalOf } from '../../tools/aws/write-session.ts';
import { type Moto, moto } from '../peers/peers.ts';
import { ALICE, BOB, type Env, type Installation, install } from './opsagent.ts';

const REGION = 'eu-west-1';
const PEOPLE = `
Alice: { email: alice@example.com, roles: [engineer] }
Dave: { email: dave@example.com, roles: [senior-engineer] }
Bob: { email: bob@example.com, roles: [ops-lead] }
Carol: { email: carol@example.com, roles: [viewer] }
`;
const MANAGED = { OpsAgentManaged: 'true', Environment: 'staging' };

/** The whole program in SANDBOX_LIVE and DRY_RUN, a process a turn, on AWS as moto plays it; moto's recorder is the witness. */
describe('the whole path on AWS, played by moto', function () {
  this.timeout(60_000);
  let peer: Moto;
  let house: Installation;
  let ec2: EC2Client;

  before(async function () {
    peer = await moto(this);
    ec2 = new EC2Client({ region: REGION, endpoint: peer.url });
  });

  beforeEach(async () => {
    await peer.reset();
    house = liveHouse('SANDBOX_LIVE');
  });

  afterEach(() => house?.remove());
  after(async () => peer?.stop());

  function liveHouse(mode: 'SANDBOX_LIVE' | 'DRY_RUN', more: Env = {}): Installation {
    const aws = {
      AWS_ENDPOINT_URL: peer.url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
    };
    const made = install({ EXECUTION_MODE: mode, PEOPLE_FILE: 'people.yaml', ...aws, ...more });
    writeFileSync(made.path('people.yaml'), PEOPLE);
    return made;
  }

  async function startInstance(tags: Record<string, string>): Promise<string> {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12c6146b',
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: 'instance', Tags }],
      }),
    );
    return Instances?.[0]?.InstanceId ?? '';
  }

  const reboots = async () => (await peer.calls()).filter(({ action }) => action === 'RebootInstances');

  it('reboots a tagged instance once, after its approval and not before, and verifies it [T5, G1, G10, G12]', async () => {
    const id = await startInstance({ ...MANAGED, Name: 'web-1' });

    const asked = await house.ask(`reboot ${id} because it hangs`);
    const before = await reboots();
    const refused = await house.ask(`approve token:${asked.approval_token}`, { as: 'carol@example.com' });
    const approved = await house.ask(`approve token:${asked.approval_token}`, { as: BOB });
    const shown = await house.ask(`show ${asked.approval_id}`);

    expect(asked.outcome).to.equal('pending');
    expect(before).to.deep.equal([]);
    expect(refused.outcome).to.equal('denied');
    expect(approved.outcome).to.equal('done');
    expect(await reboots()).to.have.length(1);
    expect(shown.text).to.include('system check ok, instance check ok').and.to.include('SANDBOX_LIVE');
  });

  it('finds the reboot in CloudTrail afterwards [T4]', async () => {
    const id = await startInstance(MANAGED);
    const asked = await house.ask(`reboot ${id}`);
    await house.ask(`approve token:${asked.approval_token}`, { as: BOB });

    const found = await house.ask(`who rebooted ${id} in the last hour?`);

    expect(found.outcome).to.equal('done');
    expect(found.text).to.include('RebootInstances').and.to.include(id);
  });

  it('refuses an untagged instance and names the tag to add [G1, T11]', async () => {
    const id = await startInstance({ Name: 'pet' });

    const asked = await house.ask(`reboot ${id}`);

    expect(asked.outcome).to.equal('denied');
    expect(asked.text).to.include('OpsAgentManaged=true');
    expect(await reboots()).to.deep.equal([]);
  });

  it('shows a Name tag full of markup, macros and direction marks as the text it is [T1, C4]', async () => {
    const id = await startInstance({
      ...MANAGED,
      Name: '<b>${7*7}</b> [x](http://evil) {{DATE(2020-01-01T00:00:00Z)}} \u202egnp',
    });

    const shown = await house.ask(`ec2 status ${id}`);
    const asked = await house.ask(`reboot ${id}`);

    for (const { text } of [shown, asked]) {
      expect(text).to.include('<b>${7*7}</b> [x](http://evil)');
      expect(text).to.not.match(/[\u202a-\u202e\u2066-\u2069]/);
    }
    expect(asked.outcome).to.equal('pending');
  });

  it('runs the change with a session of the write role that may do this and nothing else [G1, G10, A1]', async () => {
    const id = await startInstance(MANAGED);
    const env = { AWS_WRITE_ROLE_ARN: 'arn:aws:iam::123456789012:role/OpsAgentWrite', ENVIRONMENT: 'staging' };
    const asked = await house.ask(`reboot ${id}`, { env });

    const approved = await house.ask(`approve token:${asked.approval_token}`, { as: BOB, env });

    const assumed = (await peer.calls()).filter(({ action }) => action === 'AssumeRole');
    const [rebooted] = await reboots();
    const { Statement } = JSON.parse(String(assumed[0]?.params.Policy));
    expect(approved.outcome).to.equal('done');
    expect(assumed).to.have.length(1);
    expect(assumed[0]?.params).to.include({
      RoleSessionName: asked.approval_id,
      SourceIdentity: principalOf(BOB),
      DurationSeconds: '900',
    });
    expect(Statement).to.have.length(1);
    expect(Statement[0]).to.deep.include({
      Action: ['ec2:RebootInstances'],
      Resource: [`arn:aws:ec2:${REGION}:123456789012:instance/${id}`],
    });
    expect(Statement[0].Condition.StringEquals).to.have.keys(
      'aws:ResourceTag/OpsAgentManaged',
      'aws:ResourceTag/Environment',
    );
    expect(rebooted?.accessKey).to.match(/^ASIA/);
  });

  it('says at start that changes have no role of their own, and does not start where one is required [G1, O3]', async () => {
    const without = await house.run(['ask', '--as', ALICE, 'approvals']);
    const required = await house.run(['ask', '--as', ALICE, 'approvals'], { AWS_REQUIRE_WRITE_ROLE: 'true' });

    expect(without.code).to.equal(0);
    expect(without.stderr).to.include('AWS_WRITE_ROLE_ARN is not set: changes run with the credentials');
    expect(required.code).to.equal(2);
    expect(required.stderr).to.match(/^AWS_WRITE_ROLE_ARN is not set: name the role/m);
  });

  it('refuses an instance of another environment [G1]', async () => {
    const id = await startInstance(MANAGED);

    const asked = await house.ask(`reboot ${id}`, { env: { ENVIRONMENT: 'production' } });

    expect(asked.outcome).to.equal('denied');
    expect(asked.text).to.include('Environment tag');
  });

  it('executes nothing when the tag is gone by the time of the approval, and says what changed [G1, G9]', async () => {
    const id = await startInstance(MANAGED);
    const asked = await house.ask(`reboot ${id}`);
    await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'OpsAgentManaged' }] }));

    const approved = await house.ask(`approve token:${asked.approval_token}`, { as: BOB });

    expect(approved.outcome).to.equal('failed');
    expect(approved.text)
      .to.include('OpsAgentManaged')
      .and.to.match(/is now|tagged/);
    expect(await reboots()).to.deep.equal([]);
  });

  it('executes nothing when a guarded tag says something else by then [G9]', async () => {
    const id = await startInstance(MANAGED);
    const asked = await house.ask(`reboot ${id}`);
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'Environment', Value: 'production' }] }));

    const approved = await house.ask(`approve token:${asked.approval_token}`, { as: BOB });

    expect(approved.outcome).to.equal('failed');
    expect(approved.text).to.include('production');
    expect(await reboots()).to.deep.equal([]);
  });

  it('stops at the last step in DRY_RUN: only DryRun reaches AWS, and the card says so [T5, G6]', async () => {
    house.remove();
    house = liveHouse('DRY_RUN');
    const id = await startInstance(MANAGED);
    const asked = await house.ask(`reboot ${id}`);

    const approved = await house.ask(`approve token:${asked.approval_token}`, { as: BOB });

    const sent = await reboots();
    expect(asked.text).to.include('DRY_RUN');
    expect(approved.text).to.include('Nothing was changed');
    expect(sent.map(({ params }) => String(params.DryRun))).to.deep.equal(['true']);
  });

  it('scales a service to the approved count, verifies it, and takes it back as a change of its own [T6, G12]', async () => {
    await startService(peer.url);

    const asked = await house.ask('scale main/web to 3');
    const approved = await house.ask(`approve token:${asked.approval_token}`, { as: BOB });
    const shown = await house.ask(`show ${asked.approval_id}`);
    const undo = /^ {2}(ecs scale .*)$/m.exec(shown.text)?.[1] ?? '';
    const undone = await house.ask(undo);

    expect([asked.outcome, approved.outcome]).to.deep.equal(['pending', 'done']);
    const updates = (await peer.calls()).filter(({ action }) => action === 'UpdateService');
    expect(updates).to.have.length(1);
    expect(undone.outcome).to.equal('pending');
    expect(undone.text).to.include('from 3 to 2');
  });

  it('says that AWS does not answer, and what to check, when it is down [T11]', async () => {
    const nowhere = await house.ask('ec2 status i-0a1b2c3d4e5f60718', {
      env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    });

    expect(nowhere.outcome).to.equal('failed');
    expect(nowhere.text).to.include('aws_unreachable').and.to.include('What to do');
  });

  it('gives nobody a voice who is not in the file [G2]', async () => {
    const stranger = await house.ask('list ec2 instances', { as: 'erin@example.com' });

    expect(stranger.outcome).to.equal('denied');
    expect(await house.ask('list ec2 instances', { as: ALICE })).to.include({ outcome: 'done' });
  });
});

async function startService(endpoint: string): Promise<void> {
  const ecs = new ECSClient({ region: REGION, endpoint });
  await ecs.send(new CreateClusterCommand({ clusterName: 'main' }));
  const containerDefinitions = [{ name: 'web', image: 'nginx', memory: 64 }];
  await ecs.send(new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions }));
  const tags = Object.entries(MANAGED).map(([key, value]) => ({ key, value }));
  await ecs.send(
    new CreateServiceCommand({ cluster: 'main', serviceName: 'web', taskDefinition: 'web', desiredCount: 2, tags }),
  );
}
