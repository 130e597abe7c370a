import { EC2 } from '@aws-sdk/client-ec2';
import type { Service } from '../../../tools/aws/apis.ts';
import type { AwsProvider } from '../../../tools/aws/aws.ts';
import { withCorrelation } from '../../../tools/aws/correlation.ts';
import { type Deadlines, guard, sendTo } from '../../../tools/aws/guard.ts';

interface Options {
  live: AwsProvider;
  region: string;
  endpointUrl: string;
  deadlines: Deadlines;
}

/** A sabotage: EC2 is asked through a client as the SDK makes it when nobody says how often it may try. */
export function retryingAws({ live, region, endpointUrl, deadlines }: Options): AwsProvider {
  const ec2 = new EC2({ region, endpoint: endpointUrl });
  return {
    async open(request) {
      const scope = await live.open(request);
      const { permit, signal, correlationId } = request;
      const send = sendTo(ec2);
      return {
        ...scope,
        async client<S extends Service>(service: S) {
          if (service !== 'ec2') return scope.client(service);
          const terms = { region: scope.region, mode: scope.mode, signal, permit, deadlines };
          return guard(service, (call) => withCorrelation(correlationId, () => send(call)), terms);
        },
      };
    },
  };
}
