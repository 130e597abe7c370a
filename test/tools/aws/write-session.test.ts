import { EC2 } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import type { Grant } from '../../../tools/aws/aws.ts';
import { createLiveAws, type LiveOptions } from '../../../tools/aws/live.ts';
import { mintPermit } from '../../../tools/aws/permit.ts';
import { sessionPolicy } from '../../../tools/aws/session-policy.ts';
import { assumeRoleInput, principalOf, type WriteRole } from '../../../tools/aws/write-session.ts';
import { type Moto, moto, type RecordedCall } from '../../peers/peers.ts';

const ACCOUNT = '123456789012';
const ROLE: WriteRole = { arn: `arn:aws:iam::${ACCOUNT}:role/OpsAgentWrite`, sessionTags: false };
const request = { correlationId: 'c-1', signal: new AbortController().signal };

const grantOn = (id: string): Grant => ({
  actions: ['ec2:DescribeInstances', 'ec2:RebootInstances'],
  targets: [`arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/${id}`],
  approver: 'bob@example.com',
  environment: 'staging',
});
const permitFor = (id: string, changeId = 'chg-0123456789ab', inTime = () => true) =>
  mintPermit(changeId, 1, inTime, grantOn(id));
const thrownBy = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('what STS is asked for', () => {
  it('names the change and who said yes, in letters that STS takes, for the shortest time [A1, G1]', () => {
    const permit = permitFor('i-0bad5eed2c0ffee02');

    const input = assumeRoleInput({ ...ROLE, externalId: 'opsagent-7f3a' }, permit, 'c-1');

    expect(input).to.deep.equal({
      RoleArn: ROLE.arn,
      RoleSessionName: 'chg-0123456789ab',
      SourceIdentity: principalOf('bob@example.com'),
      DurationSeconds: 900,
      Policy: sessionPolicy(grantOn('i-0bad5eed2c0ffee02')),
      ExternalId: 'opsagent-7f3a',
    });
    expect(input.SourceIdentity)
      .to.match(/^[\w+=,.@-]{2,64}$/)
      .and.not.include('bob');
  });

  it('has tags that go with the session wherever it goes, when they are allowed [A1]', () => {
    const input = assumeRoleInput({ ...ROLE, sessionTags: true }, permitFor('i-0bad5eed2c0ffee02'), 'c-1');

    expect(input.Tags).to.deep.equal([
      { Key: 'OpsAgentRequest', Value: 'c-1' },
      { Key: 'OpsAgentApprover', Value: principalOf('bob@example.com') },
      { Key: 'OpsAgentAction', Value: 'ec2:RebootInstances' },
    ]);
    expect(input.TransitiveTagKeys).to.deep.equal(['OpsAgentRequest', 'OpsAgentApprover', 'OpsAgentAction']);
  });

  it('is nothing for a permit that grants nothing, is late, or was not minted [G10]', () => {
    const permits = [
      mintPermit('chg-1', 1, () => true),
      permitFor('i-1', 'chg-1', () => false),
      { changeId: 'chg-1', fence: 1 },
    ];

    for (const permit of permits)
      expect(() => assumeRoleInput(ROLE, permit, 'c-1'))
        .to.throw(/sts:AssumeRole/)
        .and.include({
          code: 'write_without_permit',
        });
  });
});

describe('the session of a change, played by moto', () => {
  let aws: Moto;
  let ids: string[];

  before(async function () {
    this.timeout(60_000);
    aws = await moto(this);
  });

  beforeEach(async () => {
    await aws.reset();
    const ec2 = new EC2({ region: 'eu-west-1', endpoint: aws.url });
    const { Instances = [] } = await ec2.runInstances({ ImageId: 'ami-12345678', MinCount: 2, MaxCount: 2 });
    ids = Instances.map(({ InstanceId = '' }) => InstanceId);
    ec2.destroy();
  });

  after(async () => {
    await aws?.stop();
  });

  const live = (options: Partial<LiveOptions> = {}) =>
    createLiveAws({
      mode: 'SANDBOX_LIVE',
      defaultRegion: 'eu-west-1',
      endpointUrl: aws.url,
      writeRole: ROLE,
      ...options,
    });
  const sent = async (action: string): Promise<RecordedCall[]> =>
    (await aws.calls()).filter((call) => call.action === action);

  it('reboots with the keys of the session and reads with its own [G1, G10]', async () => {
    const [id = ''] = ids;
    const scope = await live().open({ ...request, permit: permitFor(id) });
    const ec2 = await scope.client('ec2');

    await ec2.describeInstances({ InstanceIds: [id] });
    await ec2.rebootInstances({ InstanceIds: [id] });

    const [assumed] = await sent('AssumeRole');
    expect(assumed?.params).to.deep.include({
      RoleArn: ROLE.arn,
      RoleSessionName: 'chg-0123456789ab',
      SourceIdentity: principalOf('bob@example.com'),
      DurationSeconds: '900',
      Policy: sessionPolicy(grantOn(id)),
    });
    expect(assumed?.accessKey).to.equal('testing');
    expect((await sent('RebootInstances')).map(({ accessKey }) => accessKey)).to.have.length(1);
    expect((await sent('RebootInstances'))[0]?.accessKey).to.match(/^ASIA/);
    expect((await sent('DescribeInstances'))[0]?.accessKey).to.equal('testing');
  });

  it('is one for each change, made once however much the change calls [G10]', async () => {
    const [first = '', second = ''] = ids;
    const provider = live();
    const open = (id: string, changeId: string) => provider.open({ ...request, permit: permitFor(id, changeId) });
    const [one, other] = await Promise.all([open(first, 'chg-aaaaaaaaaaaa'), open(second, 'chg-bbbbbbbbbbbb')]);

    for (const { scope, id } of [
      { scope: one, id: first },
      { scope: one, id: first },
      { scope: other, id: second },
    ])
      await (await scope.client('ec2')).rebootInstances({ InstanceIds: [id] });

    const keys = (await sent('RebootInstances')).map(({ accessKey }) => accessKey);
    const names = (await sent('AssumeRole')).map(({ params }) => params.RoleSessionName);
    expect(names).to.have.members(['chg-aaaaaaaaaaaa', 'chg-bbbbbbbbbbbb']);
    expect(keys[0]).to.equal(keys[1]).and.not.equal(keys[2]);
  });

  it('is not opened for reads, and proves itself in DRY_RUN too [G1, G10]', async () => {
    const [id = ''] = ids;

    const reading = await live().open(request);
    await (await reading.client('ec2')).describeInstances({ InstanceIds: [id] });
    const before = await sent('AssumeRole');
    await live({ mode: 'DRY_RUN' }).open({ ...request, permit: permitFor(id) });

    expect(before).to.deep.equal([]);
    expect(await sent('AssumeRole')).to.have.length(1);
  });

  it('is refused for a role of another account, before STS is asked [G1]', async () => {
    const writeRole = { ...ROLE, arn: 'arn:aws:iam::999999999999:role/OpsAgentWrite' };

    const error = await thrownBy(live({ writeRole }).open({ ...request, permit: permitFor(ids[0] ?? '') }));

    expect(error).to.include({ code: 'config_invalid' }).and.nested.include({ 'facts.sent': 'no' });
    expect(await sent('AssumeRole')).to.deep.equal([]);
  });
});
