import type { Aws } from '../aws/aws.ts';
import { type Collected, collect } from '../aws/pages.ts';
import { type EcsServiceFacts, lastPart, toService } from './service.ts';

const MOST_CLUSTERS = 20;
const PAGE_CAP = 5;
/** DescribeServices takes ten at a time. */
const BATCH = 10;

/** Names of the Region's clusters, the first 20. */
export async function readClusters(aws: Aws): Promise<Collected<string>> {
  const ecs = await aws.client('ecs');
  const readPage = async (nextToken: string | undefined) => {
    const answer = await ecs.listClusters({ maxResults: 100, nextToken });
    return { items: (answer.clusterArns ?? []).map(lastPart), next: answer.nextToken };
  };
  return collect(readPage, { maxPages: PAGE_CAP, maxItems: MOST_CLUSTERS });
}

/**
 * The services of these clusters with their tags, in the order AWS lists them, `most` at most.
 *
 * @throws OpsError `aws_not_found` for an unknown cluster
 */
export async function readServices(
  aws: Aws,
  clusters: readonly string[],
  most: number,
): Promise<Collected<EcsServiceFacts>> {
  const services: EcsServiceFacts[] = [];
  let more = false;
  for (const name of clusters) {
    const room = most - services.length;
    if (room === 0) return { items: services, more: true };
    const arns = await readServiceArns(aws, name, room);
    more ||= arns.more;
    services.push(...(await describe(aws, name, arns.items)));
  }
  return { items: services, more };
}

async function readServiceArns(aws: Aws, cluster: string, most: number): Promise<Collected<string>> {
  const ecs = await aws.client('ecs');
  const readPage = async (nextToken: string | undefined) => {
    const answer = await ecs.listServices({ cluster, maxResults: 100, nextToken });
    return { items: answer.serviceArns ?? [], next: answer.nextToken };
  };
  return collect(readPage, { maxPages: PAGE_CAP, maxItems: most });
}

async function describe(aws: Aws, cluster: string, arns: readonly string[]): Promise<EcsServiceFacts[]> {
  const ecs = await aws.client('ecs');
  const found: EcsServiceFacts[] = [];
  for (let at = 0; at < arns.length; at += BATCH) {
    const { services = [] } = await ecs.describeServices({
      cluster,
      services: arns.slice(at, at + BATCH),
      include: ['TAGS'],
    });
    found.push(...services.map((service) => toService(cluster, service)));
  }
  return found;
}
