import type { Instance } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { expectDryRun } from '../../../../tools/aws/errors.ts';
import { collect } from '../../../../tools/aws/pages.ts';
import { known } from '../../../../tools/aws/simulated/known.ts';
import { type OpenEstate, openEstate, START, thrownBy } from './open-estate.ts';

const sick = { InstanceIds: [known.sickInstance] };

async function instances({ apis }: OpenEstate, input: Parameters<OpenEstate['apis']['ec2']['describeInstances']>[0]) {
  const { Reservations = [] } = await apis.ec2.describeInstances(input);
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

const tag = (instance: Instance | undefined, key: string) => instance?.Tags?.find(({ Key }) => Key === key)?.Value;

async function checks({ apis }: OpenEstate): Promise<(string | undefined)[]> {
  const { InstanceStatuses = [] } = await apis.ec2.describeInstanceStatus(sick);
  return [InstanceStatuses[0]?.InstanceStatus?.Status, InstanceStatuses[0]?.SystemStatus?.Status];
}

describe('simulated EC2', () => {
  it('describes an instance as AWS does [T1]', async () => {
    const estate = await openEstate();

    const [web2] = await instances(estate, sick);

    expect(web2).to.deep.include({
      InstanceId: known.sickInstance,
      InstanceType: 't3.medium',
      PrivateIpAddress: '10.0.2.12',
    });
    expect(web2?.State).to.deep.equal({ Code: 16, Name: 'running' });
    expect(web2?.Placement?.AvailabilityZone).to.equal('eu-west-1b');
    expect(['Name', 'Environment', 'OpsAgentManaged'].map((key) => tag(web2, key))).to.deep.equal([
      'web-2',
      'staging',
      'true',
    ]);
  });

  it('has instances with and without the guard tag, in three environments [G1]', async () => {
    const estate = await openEstate();

    const all = await instances(estate, {});

    expect(
      tag(
        all.find(({ InstanceId }) => InstanceId === known.untaggedInstance),
        'OpsAgentManaged',
      ),
    ).to.equal(undefined);
    expect(
      tag(
        all.find(({ InstanceId }) => InstanceId === known.productionInstance),
        'Environment',
      ),
    ).to.equal('production');
    expect(new Set(all.map((one) => tag(one, 'Environment')))).to.deep.equal(
      new Set(['production', 'staging', 'development']),
    );
  });

  it('filters by tag, state and wildcard [T9]', async () => {
    const estate = await openEstate();
    const names = async (Name: string, ...Values: string[]) =>
      (await instances(estate, { Filters: [{ Name, Values }] })).map((one) => tag(one, 'Name'));

    expect(await names('tag:Name', 'web-*')).to.deep.equal(['web-1', 'web-2', 'web-3']);
    expect(await names('instance-state-name', 'stopped')).to.deep.equal(['report-1']);
    expect(await names('tag:Service', 'web.')).to.deep.equal([]);
    expect(await thrownBy(names('colour', 'red'))).to.include({ code: 'aws_invalid' });
  });

  it('pages by five and gives every instance once [T11]', async () => {
    const estate = await openEstate();

    const { items, more } = await collect(
      async (NextToken) => {
        const page = await estate.apis.ec2.describeInstances({ MaxResults: 5, NextToken });
        expect(page.Reservations?.length).to.be.at.most(5);
        return { items: page.Reservations ?? [], next: page.NextToken };
      },
      { maxPages: 10, maxItems: 100 },
    );

    expect(items.flatMap(({ Instances = [] }) => Instances)).to.deep.equal(await instances(estate, {}));
    expect(more).to.equal(false);
  });

  const refusals: [what: string, input: object, code: string, aws: string][] = [
    ['an unknown id', { InstanceIds: ['i-0123456789abcdef0'] }, 'aws_not_found', 'InvalidInstanceID.NotFound'],
    ['a malformed id', { InstanceIds: ['web-2'] }, 'aws_invalid', 'InvalidInstanceID.Malformed'],
    ['ids with a page size', { ...sick, MaxResults: 5 }, 'aws_invalid', 'InvalidParameterCombination'],
    ['a page of four', { MaxResults: 4 }, 'aws_invalid', 'InvalidParameterValue'],
    ['a token from elsewhere', { NextToken: 'bogus' }, 'aws_invalid', 'InvalidNextToken'],
  ];

  for (const [what, input, code, aws] of refusals) {
    it(`refuses ${what} with ${aws} [T11]`, async () => {
      const { apis } = await openEstate();

      const error = await thrownBy(apis.ec2.describeInstances(input));

      expect(error).to.include({ code }).and.to.have.nested.include({ 'facts.aws_code': aws });
    });
  }

  it('shows the sick instance impaired and the others well [T1]', async () => {
    const estate = await openEstate();

    const { InstanceStatuses = [] } = await estate.apis.ec2.describeInstanceStatus({});

    const unwell = InstanceStatuses.filter(({ InstanceStatus }) => InstanceStatus?.Status !== 'ok');
    expect(unwell.map(({ InstanceId }) => InstanceId)).to.deep.equal([known.sickInstance]);
    expect(await checks(estate)).to.deep.equal(['impaired', 'ok']);
  });

  it('leaves stopped instances out of the status unless all are asked for [T1]', async () => {
    const { apis } = await openEstate();
    const InstanceIds = [known.stoppedInstance];

    const running = await apis.ec2.describeInstanceStatus({ InstanceIds });
    const all = await apis.ec2.describeInstanceStatus({ InstanceIds, IncludeAllInstances: true });

    expect(running.InstanceStatuses).to.deep.equal([]);
    expect(all.InstanceStatuses?.[0]?.InstanceState?.Name).to.equal('stopped');
  });

  it('checks a rebooted instance for four seconds and then finds it well; it never stops [T5, G12]', async () => {
    const estate = await openEstate();
    const [before] = await instances(estate, sick);

    await estate.apis.ec2.rebootInstances(sick);

    expect(await checks(estate)).to.deep.equal(['initializing', 'initializing']);
    expect(await instances(estate, sick)).to.deep.equal([before]);
    estate.setNow(START + 3_999);
    expect(await checks(estate)).to.deep.equal(['initializing', 'initializing']);
    estate.setNow(START + 4_000);
    expect(await checks(estate)).to.deep.equal(['ok', 'ok']);
  });

  it('stays healed, however often it is rebooted again [T5]', async () => {
    const estate = await openEstate();
    for (let time = 0; time < 30; time += 1) {
      estate.setNow(START + time * 60_000);
      await estate.apis.ec2.rebootInstances(sick);
    }

    estate.setNow(START + 3_600_000);

    expect(await checks(estate)).to.deep.equal(['ok', 'ok']);
  });

  it('answers a dry run as AWS does and reboots nothing [T5]', async () => {
    const estate = await openEstate();

    await expectDryRun(estate.apis.ec2.rebootInstances({ ...sick, DryRun: true }));

    expect(await checks(estate)).to.deep.equal(['impaired', 'ok']);
  });

  it('reboots none of several when one is unknown or stopped [T5]', async () => {
    const estate = await openEstate();
    const withOther = (id: string) => estate.apis.ec2.rebootInstances({ InstanceIds: [known.sickInstance, id] });

    const unknown = await thrownBy(withOther('i-0123456789abcdef0'));
    const stopped = await thrownBy(withOther(known.stoppedInstance));

    expect(unknown).to.include({ code: 'aws_not_found' });
    expect(stopped).to.have.nested.include({ 'facts.aws_code': 'IncorrectInstanceState' });
    expect(await checks(estate)).to.deep.equal(['impaired', 'ok']);
  });
});
