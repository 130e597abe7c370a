import { z } from 'zod';
import { cleanText } from '../../lib/clean-text.ts';
import type { Aws } from '../aws/aws.ts';
import { inputOf, inRegion, maxResults, Region } from '../params.ts';
import { defineTool } from '../tool.ts';
import { worstFirst } from '../worst-first.ts';
import { checksOf, healthOf, Instance, stateText } from './instance.ts';
import { readInstances } from './read-instances.ts';

/** AWS takes this many named instances in one DescribeInstanceStatus. */
const BATCH = 100;

const Input = inputOf({
  name: z
    .string()
    .max(100, 'at most 100 characters')
    .optional()
    .describe('Only instances whose Name tag or id contains this')
    .meta({ param: 'word' }),
  state: z
    .enum(['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'])
    .optional()
    .describe('Only instances in this state')
    .meta({ param: 'choice' }),
  max_results: maxResults(25),
  region: Region,
});

const Output = z.object({ instances: z.array(Instance), more: z.boolean() });

/**
 * EC2 instances of one Region, worst first, then by name. Reads at most 10 pages of 100 and the checks of all that match; `more` says that not all are shown.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
 */
export const listEc2Instances = defineTool({
  name: 'list_ec2_instances',
  title: 'EC2 instances',
  summary: 'EC2 instances of one Region with their ids, names and states; by name or state.',
  effect: 'read',
  command: 'ec2 list',
  aliases: ['instances', 'servers'],
  phrases: [
    'list instances',
    'list ec2 instances',
    'list my servers',
    'show all instances',
    'which instances do we have',
    'which instances are {state}',
    'show {state} instances',
    'instances named {name}',
    'what servers are there in {region}',
  ],
  examples: ['ec2 list', 'ec2 list state=stopped', 'ec2 list web'],
  iam: ['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus'],
  input: Input,
  output: Output,

  async execute({ name, state, max_results }, { aws }) {
    const { items, more } = await readInstances(aws, state);
    const wanted = name?.toLowerCase() ?? '';
    const matching = items.filter(({ id, name: own }) => id.includes(wanted) || own.toLowerCase().includes(wanted));
    const ordered = worstFirst(await withChecks(aws, matching), healthOf, ({ id, name: own }) => `${own}\u0000${id}`);
    return { instances: ordered.slice(0, max_results), more: more || matching.length > max_results };
  },

  view({ instances, more }, source, { name, state, region }) {
    const filter = [name && `name contains ${name}`, state && `state ${state}`].filter(Boolean).join(', ');
    const first = instances.find((instance) => healthOf(instance) === 'bad') ?? instances[0];
    return {
      kind: 'table',
      title: `EC2 instances: ${instances.length}${more ? ' and more' : ''}`,
      source,
      columns: ['Id', 'Name', 'State', 'Type', 'Zone', 'Environment'],
      rows: instances.map((instance) => [
        instance.id,
        cleanText(instance.name, 80),
        { text: stateText(instance), status: healthOf(instance) },
        instance.type,
        instance.zone,
        cleanText(instance.tags.Environment ?? '', 40),
      ]),
      empty: `No EC2 instances in ${source.region}${filter === '' ? '' : ` with ${filter}`}.`,
      note: more ? 'Not all are shown: narrow it with name=… or state=….' : undefined,
      actions: first && [
        {
          kind: 'say',
          label: `Status of ${cleanText(first.name, 40) || first.id}`,
          text: `ec2 status ${first.id}${inRegion(region)}`,
        },
      ],
    };
  },
});

async function withChecks(aws: Aws, instances: Instance[]): Promise<Instance[]> {
  const ec2 = await aws.client('ec2');
  const checked: Instance[] = [];
  for (let at = 0; at < instances.length; at += BATCH) {
    const batch = instances.slice(at, at + BATCH);
    const InstanceIds = batch.map(({ id }) => id);
    const { InstanceStatuses = [] } = await ec2.describeInstanceStatus({ InstanceIds, IncludeAllInstances: true });
    const byId = new Map(InstanceStatuses.map((status) => [status.InstanceId, status] as const));
    checked.push(...batch.map((instance) => ({ ...instance, ...checksOf(byId.get(instance.id)) })));
  }
  return checked;
}
