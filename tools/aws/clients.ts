import type { Service } from './apis.ts';
import { nameTheTurn } from './correlation.ts';
import type { Access } from './guard.ts';
import type { SessionCredentials } from './write-session.ts';

export interface ClientSettings {
  region: string;
  endpointUrl?: string;
  access: Access;
  /** Of one change; left out, the SDK looks for the process's own. */
  credentials?: SessionCredentials;
}

/** Imports the service's SDK package now, not at start, and makes a client of it whose requests name their turn. */
export async function createClient(service: Service, settings: ClientSettings): Promise<object> {
  const client = await importClient(service, clientConfig(settings));
  // Each client types its own commands; the middleware looks at none of them.
  nameTheTurn(client as unknown as Parameters<typeof nameTheTurn>[0]);
  return client;
}

async function importClient(service: Service, config: ReturnType<typeof clientConfig>) {
  switch (service) {
    case 'ec2':
      return new (await import('@aws-sdk/client-ec2')).EC2(config);
    case 'ecs':
      return new (await import('@aws-sdk/client-ecs')).ECS(config);
    case 'cloudwatch':
      return new (await import('@aws-sdk/client-cloudwatch')).CloudWatch(config);
    case 'elbv2':
      return new (await import('@aws-sdk/client-elastic-load-balancing-v2')).ElasticLoadBalancingV2(config);
    case 'cloudtrail':
      return new (await import('@aws-sdk/client-cloudtrail')).CloudTrail(config);
    case 'iam':
      return new (await import('@aws-sdk/client-iam')).IAM(config);
    case 'sts':
      return new (await import('@aws-sdk/client-sts')).STS(config);
  }
}

/**
 * Writes get one attempt and a connection of their own: a kept connection that AWS has just closed would fail
 * half-way, and nobody could tell whether the change was made.
 */
export function clientConfig({ region, endpointUrl, access, credentials }: ClientSettings) {
  const keepAlive = access === 'read';
  const agent = { keepAlive, maxSockets: 50 };
  return {
    region,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: access === 'write' ? 1 : 3,
    retryMode: 'standard' as const,
    requestHandler: { connectionTimeout: 3_000, httpAgent: agent, httpsAgent: agent },
  };
}
