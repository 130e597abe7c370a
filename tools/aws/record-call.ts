import { clientConfig } from './clients.ts';
import { mapAwsError, type RecordService } from './errors.ts';
import { createKeep } from './keep.ts';

/** Where OpsAgent's own record lives in AWS. */
export interface RecordAws {
  region: string;
  /** Another server that speaks AWS; left out, the SDK decides. */
  endpointUrl?: string;
}

export interface RecordClient<Client> {
  /** One call of the client, its failure told as an `aws_*` error. */
  call<T>(operation: string, run: (client: Client) => Promise<T>): Promise<T>;
}

/**
 * Calls about OpsAgent's own record: they change nothing that people asked about, so they take no permit and work in every mode.
 * The client is made with the first call.
 */
export function recordClient<Client extends object>(
  service: RecordService,
  { region, endpointUrl }: RecordAws,
  create: (config: ReturnType<typeof clientConfig>) => Promise<Client>,
): RecordClient<Client> {
  const clients = createKeep<Client>();
  return {
    async call(operation, run) {
      try {
        const config = clientConfig({ region, endpointUrl, access: 'read' });
        return await run(await clients('one', () => create(config)));
      } catch (thrown) {
        throw mapAwsError(thrown, { service, operation, access: 'read', region });
      }
    },
  };
}
