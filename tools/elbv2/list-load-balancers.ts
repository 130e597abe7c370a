import type { LoadBalancer as ElbLoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2';
import { z } from 'zod';
import type { Status } from '../../cards/view.ts';
import type { Aws } from '../aws/aws.ts';
import { collect } from '../aws/pages.ts';
import { inputOf, inRegion, maxResults, Region } from '../params.ts';
import { defineTool } from '../tool.ts';
import { readTargetGroups } from './target-groups.ts';

const PAGE_CAP = 5;
const MOST_READ = 500;

const Input = inputOf({
  name: z
    .string()
    .max(100, 'at most 100 characters')
    .optional()
    .describe('Only load balancers whose name contains this')
    .meta({ param: 'word' }),
  max_results: maxResults(25),
  region: Region,
});

const LoadBalancer = z.object({
  arn: z.string(),
  name: z.string(),
  type: z.string(),
  scheme: z.string(),
  state: z.string(),
  dns_name: z.string(),
  target_groups: z.array(z.object({ name: z.string(), arn: z.string() })),
});
const Output = z.object({ load_balancers: z.array(LoadBalancer), more: z.boolean() });

/**
 * Load balancers of one Region with the target groups behind each. At most 5 pages of either.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html
 */
export const listLoadBalancers = defineTool({
  name: 'list_load_balancers',
  title: 'Load balancers',
  summary: 'Load balancers of one Region with their ARNs and target groups.',
  effect: 'read',
  command: 'alb list',
  aliases: ['albs', 'lbs'],
  phrases: [
    'list load balancers',
    'list albs',
    'show load balancers',
    'which load balancers do we have',
    'load balancers named {name}',
    'what is the arn of load balancer {name}',
    'show target groups',
    'list target groups',
  ],
  examples: ['alb list', 'alb list storefront'],
  iam: ['elasticloadbalancing:DescribeLoadBalancers', 'elasticloadbalancing:DescribeTargetGroups'],
  input: Input,
  output: Output,

  async execute({ name, max_results }, { aws }) {
    const [balancers, groups] = await Promise.all([readLoadBalancers(aws), readTargetGroups(aws, {})]);
    const wanted = name?.toLowerCase() ?? '';
    const matching = balancers.items.filter((balancer) => balancer.name.toLowerCase().includes(wanted));
    const shown = matching.slice(0, max_results).map((balancer) => {
      const behind = groups.items.filter(({ load_balancers }) => load_balancers.includes(balancer.arn));
      return { ...balancer, target_groups: behind.map((group) => ({ name: group.name, arn: group.arn })) };
    });
    return { load_balancers: shown, more: balancers.more || groups.more || matching.length > max_results };
  },

  view({ load_balancers, more }, source, { name, region }) {
    return {
      kind: 'table',
      title: `Load balancers: ${load_balancers.length}${more ? ' and more' : ''}`,
      source,
      columns: ['Name', 'State', 'Target groups', 'ARN'],
      rows: load_balancers.map((balancer) => [
        balancer.name,
        { text: balancer.state, status: STATE_STATUS[balancer.state] ?? 'neutral' },
        balancer.target_groups.map((group) => group.name).join(', ') || 'none',
        balancer.arn,
      ]),
      empty: `No load balancers in ${source.region}${name === undefined ? '' : ` whose name contains ${name}`}.`,
      note: more ? 'Not all are shown: narrow it with name=….' : undefined,
      actions: load_balancers.slice(0, 3).map((balancer) => ({
        kind: 'say',
        label: `Health of ${balancer.name}`,
        text: `alb health ${balancer.arn}${inRegion(region)}`,
      })),
    };
  },
});

const STATE_STATUS: Readonly<Record<string, Status>> = {
  active: 'good',
  provisioning: 'waiting',
  active_impaired: 'warning',
  failed: 'bad',
};

async function readLoadBalancers(aws: Aws) {
  const elbv2 = await aws.client('elbv2');
  const readPage = async (Marker: string | undefined) => {
    const answer = await elbv2.describeLoadBalancers({ Marker });
    return { items: (answer.LoadBalancers ?? []).map(toLoadBalancer), next: answer.NextMarker };
  };
  return collect(readPage, { maxPages: PAGE_CAP, maxItems: MOST_READ });
}

function toLoadBalancer(balancer: ElbLoadBalancer): Omit<z.output<typeof LoadBalancer>, 'target_groups'> {
  return {
    arn: balancer.LoadBalancerArn ?? '',
    name: balancer.LoadBalancerName ?? 'unknown',
    type: balancer.Type ?? 'unknown',
    scheme: balancer.Scheme ?? 'unknown',
    state: balancer.State?.Code ?? 'unknown',
    dns_name: balancer.DNSName ?? '',
  };
}
