import { known } from './known.ts';

interface ServiceRow {
  region: string;
  cluster: string;
  name: string;
  desired: number;
  healthyFrom?: number;
  revision: number;
  createdAt: string;
  team: string;
  environment: 'production' | 'staging' | 'development';
  managed: boolean;
  cpu: number;
  memory: number;
}

const main = {
  region: 'eu-west-1',
  cluster: 'main',
  createdAt: '2025-01-22T09:30:00.000Z',
  team: 'storefront',
  environment: 'production',
  managed: true,
} as const;
const data = { ...main, cluster: 'data', team: 'data' } as const;
const edge = { ...main, region: 'us-east-1', cluster: 'edge', team: 'platform' } as const;
const { sickService, healthyService, untaggedService } = known;

export const serviceRows: readonly ServiceRow[] = [
  {
    ...main,
    name: sickService.service,
    team: 'payments',
    desired: sickService.desired,
    healthyFrom: sickService.healthyFrom,
    revision: 43,
    cpu: 51,
    memory: 62,
  },
  { ...main, name: 'catalog', desired: 3, revision: 118, cpu: 34, memory: 48 },
  { ...main, name: 'search', team: 'search', desired: 4, revision: 27, cpu: 46, memory: 66 },
  {
    ...main,
    name: healthyService.service,
    environment: 'staging',
    desired: healthyService.desired,
    revision: 9,
    cpu: 12,
    memory: 39,
  },
  {
    ...data,
    name: untaggedService.service,
    managed: false,
    desired: untaggedService.desired,
    revision: 61,
    cpu: 58,
    memory: 71,
  },
  { ...data, name: 'reports', environment: 'staging', desired: 1, revision: 14, cpu: 8, memory: 33 },
  { ...data, name: 'etl', environment: 'development', desired: 1, revision: 5, cpu: 21, memory: 44 },
  { ...edge, name: 'gateway', desired: 3, revision: 77, cpu: 37, memory: 40 },
  { ...edge, name: 'images', environment: 'staging', desired: 2, revision: 31, cpu: 49, memory: 57 },
];

interface GroupRow {
  region: string;
  loadBalancer: string;
  name: string;
  port: number;
  /** Requests a minute at noon. */
  requests: number;
  service?: string;
  instances?: string[];
}

const eu = { region: 'eu-west-1', port: 8080 } as const;

export const groupRows: readonly GroupRow[] = [
  { ...eu, loadBalancer: 'storefront', name: 'checkout', requests: 1900, service: 'checkout' },
  { ...eu, loadBalancer: 'storefront', name: 'catalog', requests: 5200, service: 'catalog' },
  { ...eu, loadBalancer: 'storefront', name: 'search', requests: 2600, service: 'search' },
  { ...eu, loadBalancer: 'staging-web', name: 'web', port: 80, requests: 140, instances: ['web-1', 'web-2', 'web-3'] },
  { ...eu, loadBalancer: 'internal-api', name: 'api', requests: 3100, instances: ['api-1', 'api-2'] },
  { ...eu, region: 'us-east-1', loadBalancer: 'edge', name: 'gateway', requests: 8800, service: 'gateway' },
];

interface AlarmRow {
  region: string;
  name: string;
  description: string;
  namespace: string;
  metric: string;
  statistic: 'Average' | 'Maximum' | 'Sum';
  threshold: number;
  instance?: string;
  /** Target group, and the service of the same name. */
  group?: string;
  state?: 'OK' | 'INSUFFICIENT_DATA';
}

const cpu = {
  region: 'eu-west-1',
  namespace: 'AWS/EC2',
  metric: 'CPUUtilization',
  statistic: 'Average',
  threshold: 80,
} as const;
const elb = { region: 'eu-west-1', namespace: 'AWS/ApplicationELB' } as const;

export const alarmRows: readonly AlarmRow[] = [
  {
    ...elb,
    name: 'checkout-unhealthy-hosts',
    description: 'Checkout has unhealthy targets',
    metric: 'UnHealthyHostCount',
    statistic: 'Maximum',
    threshold: 0,
    group: 'checkout',
  },
  { ...cpu, name: 'web-2-cpu-high', description: 'CPU of web-2 above 80 percent for 5 minutes', instance: 'web-2' },
  {
    ...cpu,
    name: 'web-2-status-check',
    description: 'Status check of web-2 failed',
    metric: 'StatusCheckFailed',
    statistic: 'Maximum',
    threshold: 0,
    instance: 'web-2',
  },
  { ...cpu, name: 'api-1-cpu-high', description: 'CPU of api-1 above 80 percent for 5 minutes', instance: 'api-1' },
  {
    ...cpu,
    name: 'worker-1-cpu-high',
    description: 'CPU of worker-1 above 80 percent for 5 minutes',
    instance: 'worker-1',
  },
  {
    ...cpu,
    name: 'batch-1-cpu-idle',
    description: 'The nightly batch reports its load',
    instance: 'batch-1',
    state: 'INSUFFICIENT_DATA',
  },
  {
    ...elb,
    name: 'catalog-5xx',
    description: 'More than 50 server errors a minute from catalog',
    metric: 'HTTPCode_Target_5XX_Count',
    statistic: 'Sum',
    threshold: 50,
    group: 'catalog',
  },
  {
    ...elb,
    name: 'search-latency',
    description: 'Search answers slower than 1 second',
    metric: 'TargetResponseTime',
    statistic: 'Average',
    threshold: 1,
    group: 'search',
  },
  {
    ...cpu,
    region: 'us-east-1',
    name: 'edge-1-cpu-high',
    description: 'CPU of edge-1 above 80 percent',
    instance: 'edge-1',
  },
  {
    ...elb,
    region: 'us-east-1',
    name: 'gateway-latency',
    description: 'Gateway answers slower than 1 second',
    metric: 'TargetResponseTime',
    statistic: 'Average',
    threshold: 1,
    group: 'gateway',
  },
];
