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

/**
 * Imports the service's SDK package now, not at start (a bundle has only the commands in use of it), and makes an object of its operations,
 * whose requests name their turn.
 */
export async function createClient(service: Service, settings: ClientSettings): Promise<object> {
  const { Client, commands } = await load(service);
  const client = new Client(clientConfig(settings));
  nameTheTurn(client);
  const operations = Object.entries(commands).map(([operation, Command]) => [
    operation,
    (input: never, options: SendOptions) => client.send(new Command(input), options),
  ]);
  return Object.fromEntries(operations);
}

interface SendOptions {
  abortSignal: AbortSignal;
}

/** Each client types its own commands; here all of them are alike. */
interface Sdk {
  Client: new (
    config: ReturnType<typeof clientConfig>,
  ) => Parameters<typeof nameTheTurn>[0] & { send(command: object, options: SendOptions): Promise<unknown> };
  commands: Record<string, new (input: never) => object>;
}

async function load(service: Service): Promise<Sdk> {
  const sdk: unknown = await importSdk(service);
  return sdk as Sdk;
}

function importSdk(service: Service): Promise<object> {
  switch (service) {
    case 'ec2':
      return import('./sdk/ec2.ts');
    case 'ecs':
      return import('./sdk/ecs.ts');
    case 'cloudwatch':
      return import('./sdk/cloudwatch.ts');
    case 'elbv2':
      return import('./sdk/elbv2.ts');
    case 'cloudtrail':
      return import('./sdk/cloudtrail.ts');
    case 'iam':
      return import('./sdk/iam.ts');
    case 'sts':
      return import('./sdk/sts.ts');
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
