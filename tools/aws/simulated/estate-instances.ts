import { known } from './known.ts';

interface InstanceRow {
  region: string;
  name: string;
  /** Fixed where examples name it; otherwise made from Region and name. */
  id?: string;
  type: string;
  zone: string;
  privateIp: string;
  launchedAt: string;
  service: string;
  team: string;
  environment: 'production' | 'staging' | 'development';
  managed: boolean;
  cpu: number;
  memory: number;
  stopped?: boolean;
  sick?: boolean;
}

type Group = Pick<InstanceRow, 'region' | 'type' | 'launchedAt' | 'service' | 'team' | 'environment' | 'managed'>;

const web: Group = {
  region: 'eu-west-1',
  type: 't3.medium',
  launchedAt: '2025-02-11T08:14:22.000Z',
  service: 'web',
  team: 'storefront',
  environment: 'staging',
  managed: true,
};
const api: Group = {
  ...web,
  type: 'm6i.large',
  launchedAt: '2025-03-04T13:40:05.000Z',
  service: 'api',
  team: 'payments',
  environment: 'production',
};
const worker: Group = { ...api, type: 'c6i.large', service: 'orders-worker', team: 'orders' };
const data: Group = { ...api, type: 'r6i.xlarge', service: 'orders-db', team: 'data', managed: false };
const lab: Group = { ...web, type: 't3.small', service: 'lab', team: 'platform', environment: 'development' };
const edge: Group = { ...api, region: 'us-east-1', type: 'c6i.xlarge', service: 'edge', team: 'platform' };

/** Name, last part of the private address, zone, usual CPU and memory: what differs inside a group. */
const row = (group: Group, name: string, zone: string, host: number, cpu: number, memory: number): InstanceRow => ({
  ...group,
  name,
  zone,
  privateIp: `10.${group.region === 'us-east-1' ? 1 : 0}.${zone.charCodeAt(0) - 96}.${host}`,
  cpu,
  memory,
});

export const instanceRows: readonly InstanceRow[] = [
  { ...row(web, 'web-1', 'a', 11, 24, 46), id: known.healthyInstance },
  { ...row(web, 'web-2', 'b', 12, 22, 44), id: known.sickInstance, sick: true },
  row(web, 'web-3', 'c', 13, 26, 47),
  { ...row(api, 'api-1', 'a', 21, 38, 58), id: known.productionInstance },
  row(api, 'api-2', 'b', 22, 36, 57),
  row(worker, 'worker-1', 'a', 31, 55, 61),
  row(worker, 'worker-2', 'b', 32, 52, 60),
  row(worker, 'worker-3', 'c', 33, 57, 63),
  row({ ...worker, type: 'c6i.2xlarge', service: 'nightly-batch' }, 'batch-1', 'a', 41, 12, 30),
  {
    ...row({ ...lab, service: 'bastion', environment: 'production', managed: false }, 'bastion', 'a', 5, 3, 21),
    id: known.untaggedInstance,
  },
  row(data, 'db-primary-1', 'a', 51, 44, 78),
  row(data, 'db-replica-1', 'b', 52, 31, 74),
  row({ ...api, service: 'search', team: 'search' }, 'search-1', 'b', 61, 41, 66),
  row({ ...lab, service: 'ci', environment: 'staging' }, 'ci-runner-1', 'c', 71, 62, 52),
  row(lab, 'dev-box-1', 'a', 81, 9, 35),
  { ...row(lab, 'report-1', 'b', 82, 0, 0), id: known.stoppedInstance, stopped: true },
  row(edge, 'edge-1', 'a', 11, 33, 41),
  row(edge, 'edge-2', 'b', 12, 35, 42),
  row({ ...edge, service: 'images', team: 'storefront', environment: 'staging' }, 'images-1', 'a', 21, 47, 55),
  row({ ...edge, service: 'orders-worker', team: 'orders' }, 'worker-us-1', 'c', 31, 51, 59),
  row({ ...edge, type: 't3.small', service: 'bastion', managed: false }, 'bastion-us', 'a', 5, 2, 20),
];
