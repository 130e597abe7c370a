import type { Aws } from '../aws/aws.ts';
import { type Collected, collect } from '../aws/pages.ts';
import { type Instance, toInstance } from './instance.ts';

const PAGE_CAP = 10;
const MOST_READ = 1000;

/** The instances of one Region, of one state or of any, without their status checks: at most 10 pages of 100. */
export async function readInstances(aws: Aws, state?: string): Promise<Collected<Instance>> {
  const ec2 = await aws.client('ec2');
  const Filters = state === undefined ? undefined : [{ Name: 'instance-state-name', Values: [state] }];
  const readPage = async (NextToken: string | undefined) => {
    const answer = await ec2.describeInstances({ Filters, MaxResults: 100, NextToken });
    const instances = (answer.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
    return { items: instances.map((instance) => toInstance(instance, undefined)), next: answer.NextToken };
  };
  return collect(readPage, { maxPages: PAGE_CAP, maxItems: MOST_READ });
}
