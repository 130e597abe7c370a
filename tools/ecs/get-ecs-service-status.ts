import { z } from 'zod';
import type { View } from '../../cards/view.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { Cluster, inputOf, inRegion, Region, Service } from '../params.ts';
import { defineTool } from '../tool.ts';
import { EcsServiceFacts, isStopped, readService, STOPPED, serviceHealth } from './service.ts';

const Input = inputOf({ cluster: Cluster, service: Service, region: Region });
const Output = z.object({ service: EcsServiceFacts });

/** One ECS service: counts, deployments and the newest five events. One request. */
export const getEcsServiceStatus = defineTool({
  name: 'get_ecs_service_status',
  title: 'ECS service status',
  summary: 'Running and desired counts, deployments and newest events of one ECS service.',
  effect: 'read',
  command: 'ecs status',
  aliases: ['service'],
  phrases: [
    'how is service {service} in {cluster}',
    'status of service {service} in {cluster}',
    'status of {service} in cluster {cluster}',
    'how many tasks does {service} in {cluster} run',
    'is {service} in {cluster} healthy',
    'is service {service} on {cluster} steady',
    'check ecs service {service} in {cluster}',
    'deployments of {service} in {cluster}',
  ],
  examples: ['ecs status main checkout'],
  iam: ['ecs:DescribeServices'],
  input: Input,
  output: Output,

  async execute({ cluster, service }, { aws }) {
    return { service: await readService(aws, cluster, service) };
  },

  view({ service }, source, { region }) {
    const where = inRegion(region);
    const name = `${service.cluster} ${service.name}`;
    return {
      kind: 'sections',
      title: `ECS ${service.cluster}/${service.name}: ${isStopped(service) ? STOPPED : `${service.running} of ${service.desired} running`}`,
      status: serviceHealth(service),
      source,
      sections: sectionsOf(service),
      actions: [
        {
          kind: 'say',
          label: 'CPU 1h',
          text: `metrics AWS/ECS CPUUtilization ${service.cluster}/${service.name} 1h${where}`,
        },
        {
          kind: 'say',
          label: 'Who changed it?',
          text: `cloudtrail resource_name=${service.name} time_window=24h${where}`,
        },
        { kind: 'say', label: 'Scale by one…', text: `ecs scale ${name} ${service.desired + 1}${where}` },
      ],
    };
  },
});

function sectionsOf(service: EcsServiceFacts): Extract<View, { kind: 'sections' }>['sections'] {
  const { status, running, desired, pending, task_definition, launch_type, deployments, events } = service;
  const facts = [
    { label: 'Status', value: { text: status, status: serviceHealth(service) } },
    {
      label: 'Tasks',
      value: isStopped(service) ? STOPPED : `${running} running, ${desired} desired, ${pending} pending`,
    },
    { label: 'Task definition', value: task_definition },
    { label: 'Launch type', value: launch_type },
    { label: 'Environment', value: cleanText(service.tags.Environment ?? 'not tagged', 40) },
  ];
  return [
    { heading: 'Service', fields: facts },
    {
      heading: 'Deployments',
      columns: ['Deployment', 'Rollout', 'Task definition', 'Running', 'Failed'],
      rows: deployments.map((deployment) => [
        `${deployment.id} ${deployment.status}`,
        deployment.rollout,
        deployment.task_definition,
        `${deployment.running} of ${deployment.desired}`,
        String(deployment.failed),
      ]),
    },
    {
      heading: 'Newest events',
      columns: ['When', 'Event'],
      rows: events.map(({ at, message }) => [at === '' ? 'unknown' : { at }, cleanText(message, 200)]),
    },
  ];
}
