import { expect } from 'chai';
import { known } from '../../../../tools/aws/simulated/known.ts';
import { type OpenEstate, openEstate, START, thrownBy } from './open-estate.ts';

const checkout = { cluster: 'main', services: ['checkout'] };
const cart = { cluster: 'main', services: ['cart'] };

async function service({ apis }: OpenEstate, which = cart) {
  const { services = [] } = await apis.ecs.describeServices(which);
  return services[0];
}

async function counts(estate: OpenEstate, which = cart) {
  const found = await service(estate, which);
  return [found?.desiredCount, found?.runningCount, found?.deployments?.[0]?.rolloutState];
}

const scale = ({ apis }: OpenEstate, desiredCount: number, name = 'cart') =>
  apis.ecs.updateService({ cluster: 'main', service: name, desiredCount });

describe('simulated ECS', () => {
  it('has two clusters with services, paged on request [T9]', async () => {
    const { apis } = await openEstate();

    const { clusterArns = [] } = await apis.ecs.listClusters({});
    const first = await apis.ecs.listServices({ cluster: 'main', maxResults: 3 });
    const second = await apis.ecs.listServices({ cluster: 'main', maxResults: 3, nextToken: first.nextToken });

    expect(clusterArns.map((arn) => arn.split('/').at(-1))).to.deep.equal(['main', 'data']);
    const names = [...(first.serviceArns ?? []), ...(second.serviceArns ?? [])].map((arn) => arn.split('/').at(-1));
    expect(names).to.deep.equal(['checkout', 'catalog', 'search', 'cart']);
    expect(second.nextToken).to.equal(undefined);
  });

  it('shows one service short of tasks, with its troubles newest first [T9]', async () => {
    const estate = await openEstate();

    const found = await service(estate, checkout);

    expect(await counts(estate, checkout)).to.deep.equal([4, 2, 'IN_PROGRESS']);
    const times = found?.events?.map(({ createdAt }) => createdAt?.getTime() ?? 0) ?? [];
    expect(times).to.deep.equal(times.toSorted((a, b) => b - a));
    expect(found?.events?.some(({ message }) => message?.includes('Health checks failed'))).to.equal(true);
  });

  it('gives tags only when they are asked for [G1]', async () => {
    const { apis } = await openEstate();

    const plain = await apis.ecs.describeServices(cart);
    const tagged = await apis.ecs.describeServices({ ...cart, include: ['TAGS'] });

    expect(plain.services?.[0]?.tags).to.equal(undefined);
    expect(tagged.services?.[0]?.tags).to.deep.include.members([
      { key: 'OpsAgentManaged', value: 'true' },
      { key: 'Environment', value: 'staging' },
    ]);
  });

  it('lists a missing service as a failure beside those it found [T11]', async () => {
    const { apis } = await openEstate();

    const { services = [], failures = [] } = await apis.ecs.describeServices({
      cluster: 'main',
      services: ['cart', 'nope'],
    });

    expect(services.map(({ serviceName }) => serviceName)).to.deep.equal(['cart']);
    expect(failures).to.deep.equal([
      { arn: 'arn:aws:ecs:eu-west-1:111122223333:service/main/nope', reason: 'MISSING' },
    ]);
  });

  it('refuses unknown clusters and services, and counts that cannot be [T11]', async () => {
    const estate = await openEstate();
    const { ecs } = estate.apis;

    const code = async (call: Promise<unknown>) => (await thrownBy(call)) as { facts: { aws_code: string } };

    expect((await code(ecs.listServices({ cluster: 'nope' }))).facts.aws_code).to.equal('ClusterNotFoundException');
    expect((await code(scale(estate, 1, 'nope'))).facts.aws_code).to.equal('ServiceNotFoundException');
    expect((await code(scale(estate, -1))).facts.aws_code).to.equal('InvalidParameterException');
    expect((await code(scale(estate, 1.5))).facts.aws_code).to.equal('InvalidParameterException');
  });

  it('rolls a scaled service out over six seconds and then says it is steady [T6, G12]', async () => {
    const estate = await openEstate();

    const answer = await scale(estate, 5);

    expect(answer.service?.desiredCount).to.equal(5);
    expect(await counts(estate)).to.deep.equal([5, 2, 'IN_PROGRESS']);
    estate.setNow(START + 3_000);
    expect(await counts(estate)).to.deep.equal([5, 4, 'IN_PROGRESS']);
    estate.setNow(START + 6_000);
    expect(await counts(estate)).to.deep.equal([5, 5, 'COMPLETED']);
    const [latest] = (await service(estate))?.events ?? [];
    expect(latest?.message).to.equal('(service cart) has reached a steady state.');
    expect(latest?.createdAt?.getTime()).to.equal(START + 6_000);
  });

  it('is not steady before its time, even when every task runs [T6]', async () => {
    const estate = await openEstate();
    await scale(estate, 3);

    estate.setNow(START + 5_900);

    expect(await counts(estate)).to.deep.equal([3, 3, 'IN_PROGRESS']);
  });

  it('turns round in the middle of a rollout without jumping [T6]', async () => {
    const estate = await openEstate();
    await scale(estate, 10);
    estate.setNow(START + 3_000);
    const [, midway] = await counts(estate);

    await scale(estate, 0);

    expect(await counts(estate)).to.deep.equal([0, midway, 'IN_PROGRESS']);
    estate.setNow(START + 9_000);
    expect(await counts(estate)).to.deep.equal([0, 0, 'COMPLETED']);
  });

  it('leaves the sick service short until it has enough tasks for its load [T6]', async () => {
    const estate = await openEstate();
    await scale(estate, 5, 'checkout');
    estate.setNow(START + 60_000);
    const still = await counts(estate, checkout);

    await scale(estate, known.sickService.healthyFrom, 'checkout');

    estate.setNow(START + 70_000);
    expect(still).to.deep.equal([5, 3, 'IN_PROGRESS']);
    expect(await counts(estate, checkout)).to.deep.equal([6, 6, 'COMPLETED']);
  });
});
