import { cleanText } from '../../lib/clean-text.ts';
import { instanceArn } from '../ec2/instance.ts';
import { readInstances } from '../ec2/read-instances.ts';
import { readClusters, readServices } from '../ecs/read-services.ts';
import type { Records, Unchangeable } from '../records.ts';
import type { ToolContext } from '../tool.ts';
import { countOf, type Findings, table } from './report.ts';

const MOST_SERVICES = 200;
const GONE = new Set(['terminated', 'shutting-down']);

/** Something that a tool could change, if its tags let it. */
export interface Tagged {
  arn: string;
  name: string;
  tags: Readonly<Record<string, string>>;
}

interface Fault extends Tagged {
  /** Undefined where it may be changed and yet lacks a tag. */
  why: Unchangeable | undefined;
}

/** Those that no person could get changed, and those that count as production only because nothing says otherwise. */
export function faultsOf(all: readonly Tagged[], records: Pick<Records, 'whyUnchangeable'>): Fault[] {
  return all
    .map((one) => ({ ...one, why: records.whyUnchangeable(one) }))
    .filter(({ why, tags }) => why !== undefined || isMissing(tags, 'Environment'));
}

const isMissing = (tags: Tagged['tags'], name: string): boolean => (tags[name] ?? '').trim() === '';

/** Which instances and services of a Region OpsAgent may not change because of their tags, and the repair. */
export async function tags({ aws, records, progress }: Pick<ToolContext, 'aws' | 'records' | 'progress'>) {
  progress('reading tags of instances and services…');
  const [instances, clusters] = await Promise.all([readInstances(aws), readClusters(aws)]);
  const services = await readServices(aws, clusters.items, MOST_SERVICES);
  const all: Tagged[] = [
    ...instances.items
      .filter(({ state }) => !GONE.has(state))
      .map(({ id, name, tags: own }) => ({
        arn: instanceArn(aws, id),
        kind: 'EC2 instance',
        name: `${name} ${id}`,
        tags: own,
      })),
    ...services.items.map(({ arn, cluster, name, tags: own }) => ({ arn, name: `${cluster}/${name}`, tags: own })),
  ];
  const isAll = !instances.more && !clusters.more && !services.more;
  return findings(all, faultsOf(all, records), isAll);
}

function findings(all: readonly Tagged[], faults: readonly Fault[], isAll: boolean): Findings {
  const blocked = faults.filter(({ why }) => why !== undefined);
  return {
    figures: [
      countOf('Looked at', all.length),
      countOf('May be changed', all.length - blocked.length, 'good'),
      countOf('May not be changed', blocked.length, 'warning'),
      countOf('Not managed', all.filter((one) => isMissing(one.tags, 'OpsAgentManaged')).length, 'warning'),
      countOf('No Environment', all.filter((one) => isMissing(one.tags, 'Environment')).length, 'warning'),
    ],
    tables: [
      table(
        'To repair, if OpsAgent should change them',
        ['Name', 'OpsAgentManaged', 'Environment', 'Repair'],
        faults.map(row),
        'Every instance and service has the tags that a change needs.',
      ),
    ],
    limits: [
      ...new Set(faults.map(({ why }) => why?.because ?? 'Without an Environment tag it counts as production.')),
      ...(isAll ? [] : ['Not all were read: at most 1,000 instances, 20 clusters and 200 services.']),
    ],
  };
}

function row({ name, tags: own, why }: Fault) {
  const said = (tag: string) =>
    isMissing(own, tag) ? { text: 'missing', status: 'warning' as const } : cleanText(own[tag] ?? '', 40);
  return [cleanText(name, 100), said('OpsAgentManaged'), said('Environment'), why?.next ?? 'Add its Environment tag.'];
}
