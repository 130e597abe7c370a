import type { Mode } from '../../cards/view.ts';
import { OPERATIONS, type Service } from '../../tools/aws/apis.ts';
import type { Aws, AwsProvider, WritePermit } from '../../tools/aws/aws.ts';
import { mapAwsError } from '../../tools/aws/errors.ts';
import { mintPermit, requirePermit } from '../../tools/aws/permit.ts';

export interface WriteCall {
  operation: string;
  input: object;
  correlationId: string;
  permit: WritePermit | undefined;
  /** Sequence number of the newest audit record when the call came in. */
  seq: number;
}

/** AWS as a test moves it: reads can be changed on the way back, writes are counted and can fail. */
export interface RecordingAws extends AwsProvider {
  /** Calls that would have changed AWS. */
  readonly writes: WriteCall[];
  /** Calls that only asked for permission. */
  readonly dryRuns: WriteCall[];
  /** Changes what a read answers: tags removed, instance replaced. */
  seen: (operation: string, output: unknown) => unknown;
  /** Runs before a write is counted; what it throws is what AWS throws. */
  onWrite: () => void | Promise<void>;
}

interface Options {
  inner: AwsProvider;
  mode: Mode;
  newestSeq: () => Promise<number>;
}

type Method = (input: object) => Promise<unknown>;

export function recordingAws({ inner, mode, newestSeq }: Options): RecordingAws {
  const provider: RecordingAws = {
    writes: [],
    dryRuns: [],
    seen: (_operation, output) => output,
    onWrite: () => {},
    async open(request) {
      // What is recorded has left: the simulated estate behind it does not ask for the time again.
      const { permit: given } = request;
      const permit = given && mintPermit(given.changeId, given.fence, () => true);
      const aws = await inner.open({ ...request, permit });
      const write = async (service: Service, operation: string, input: object, send: Method) => {
        requirePermit(request.permit, operation);
        const list = 'DryRun' in input && input.DryRun === true ? provider.dryRuns : provider.writes;
        const { correlationId } = request;
        list.push({ operation, input, correlationId, permit: given, seq: await newestSeq() });
        try {
          await provider.onWrite();
        } catch (thrown) {
          throw mapAwsError(thrown, { service, operation, access: 'write', region: aws.region });
        }
        return send(input);
      };
      const client: Aws['client'] = async (service) => {
        const real = (await aws.client(service)) as unknown as Record<string, Method>;
        const effects: Record<string, string> = OPERATIONS[service];
        const wrapped = Object.entries(real).map(([operation, send]): [string, Method] => [
          operation,
          effects[operation] === 'read'
            ? async (input) => provider.seen(operation, await send(input))
            : (input) => write(service, operation, input, send),
        ]);
        return Object.fromEntries(wrapped) as unknown as Awaited<ReturnType<typeof aws.client<typeof service>>>;
      };
      return { ...aws, mode, client };
    },
  };
  return provider;
}

/** The same AWS, reached with credentials that lead to another account. */
export function asAccount(aws: AwsProvider, id: string): AwsProvider {
  return { open: async (request) => ({ ...(await aws.open(request)), account: { id } }) };
}

/** An error as the SDK throws it. */
export function sdkError(name: string, status: number, fault: 'client' | 'server' = 'client'): Error {
  const error = new Error(`${name} said by the test`);
  return Object.assign(error, { name, $fault: fault, $metadata: { httpStatusCode: status, requestId: 'req-77' } });
}
