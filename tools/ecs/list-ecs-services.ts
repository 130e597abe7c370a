import { z } from 'zod';
import { cleanText } from '../../lib/clean-text.ts';
import type { Aws } from '../aws/aws.ts';
import { type Collected, collect } from '../aws/pages.ts';
import { Cluster, inputOf, inRegion, maxResults, Region } from '../params.ts';
import { defineTool } from '../tool.ts';
import { worstFirst } from '../worst-first.ts';
import { EcsServiceFacts, lastPart, serviceHealth, taskText, toService } from './service.ts';

const MOST_CLUSTERS = 20;
const PAGE_CAP = 5;
/** DescribeServices takes ten at a time. */
const BATCH = 10;

const Input = inputOf({
  cluster: Cluster.optional().describe('ECS cluster name; all clusters when left out').meta({ param: 'cluster' }),
  max_results: maxResults(25),
  region: Region,
});
const Output = z.object({ services: z.array(EcsServiceFacts), clusters: z.array(z.string()), more: z.boolean() });

/**
 * ECS services of one cluster, or of the first 20 clusters of the Region, with their counts; the worst of those read first.
 *
 * @throws OpsError `aws_not_found` for an unknown cluster
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html
 */
export const listEcsServices = defineTool({
  name: 'list_ecs_services',
  title: 'ECS services',
  summary: 'ECS services with cluster, running and desired counts; of one cluster or of all in the Region.',
  effect: 'read',
  command: 'ecs list',
  aliases: ['services', 'clusters'],
  phrases: [
    'list services',
    'list ecs services',
    'show ecs services',
    'which services run in {cluster}',
    'services in {cluster}',
    'list services in cluster {cluster}',
    'what runs on ecs',
    'list clusters',
  ],
  examples: ['ecs list', 'ecs list main'],
  iam: ['ecs:ListClusters', 'ecs:ListServices', 'ecs:DescribeServices'],
  input: Input,
  output: Output,

  async execute({ cluster, max_results }, { aws }) {
    const listed = cluster === undefined ? await readClusters(aws) : { items: [cluster], more: false };
    const services: EcsServiceFacts[] = [];
    let { more } = listed;
    for (const name of listed.items) {
      const room = max_results - services.length;
      if (room === 0) {
        more = true;
        break;
      }
      const arns = await readServiceArns(aws, name, room);
      more ||= arns.more;
      services.push(...(await describe(aws, name, arns.items)));
    }
    const ordered = worstFirst(services, serviceHealth, ({ cluster: home, name }) => `${home}/${name}`);
    return { services: ordered, clusters: listed.items, more };
  },

  view({ services, clusters, more }, source, { region }) {
    const first = services.find((service) => serviceHealth(service) === 'bad') ?? services[0];
    return {
      kind: 'table',
      title: `ECS services: ${services.length}${more ? ' and more' : ''}`,
      source,
      columns: ['Cluster', 'Service', 'Running', 'Task definition', 'Environment'],
      rows: services.map((service) => [
        service.cluster,
        service.name,
        { text: taskText(service), status: serviceHealth(service) },
        service.task_definition,
        cleanText(service.tags.Environment ?? '', 40),
      ]),
      empty: `No ECS services in ${source.region}; clusters looked at: ${clusters.join(', ') || 'none, there are none'}.`,
      note: more ? 'Not all are shown: name a cluster, like "ecs list main".' : undefined,
      actions: first && [
        {
          kind: 'say',
          label: `Status of ${first.name}`,
          text: `ecs status ${first.cluster} ${first.name}${inRegion(region)}`,
        },
      ],
    };
  },
});

async function readClusters(aws: Aws): Promise<Collected<string>> {
  const ecs = await aws.client('ecs');
  const readPage = async (nextToken: string | undefined) => {
    const answer = await ecs.listClusters({ maxResults: 100, nextToken });
    return { items: (answer.clusterArns ?? []).map(lastPart), next: answer.nextToken };
  };
  return collect(readPage, { maxPages: PAGE_CAP, maxItems: MOST_CLUSTERS });
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
