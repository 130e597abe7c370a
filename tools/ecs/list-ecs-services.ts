import { z } from 'zod';
import { cleanText } from '../../lib/clean-text.ts';
import { Cluster, inputOf, inRegion, maxResults, Region } from '../params.ts';
import { defineTool } from '../tool.ts';
import { worstFirst } from '../worst-first.ts';
import { readClusters, readServices } from './read-services.ts';
import { EcsServiceFacts, serviceHealth, taskText } from './service.ts';

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
    const { items: services, more } = await readServices(aws, listed.items, max_results);
    const ordered = worstFirst(services, serviceHealth, ({ cluster: home, name }) => `${home}/${name}`);
    return { services: ordered, clusters: listed.items, more: listed.more || more };
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
