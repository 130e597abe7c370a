import { cleanText } from '../../../lib/clean-text.ts';
import type { Clock } from '../../../lib/clock.ts';
import { OpsError } from '../../../lib/errors.ts';
import type { Store } from '../../../store/store.ts';
import type { AwsApis, Service } from '../apis.ts';
import type { AwsProvider, ScopeRequest } from '../aws.ts';
import { DEFAULT_DEADLINES, guard, type ObservedCall, sendTo } from '../guard.ts';
import { simulatedCloudTrail } from './cloudtrail.ts';
import { simulatedCloudWatch } from './cloudwatch.ts';
import { simulatedEc2 } from './ec2.ts';
import { simulatedEcs } from './ecs.ts';
import { simulatedElbv2 } from './elbv2.ts';
import { type Account, buildEstate, type Estate } from './estate.ts';
import { simulatedIam } from './iam.ts';
import { known } from './known.ts';
import { createScene, type Scene } from './scene.ts';

export interface SimulatedOptions {
  /** Any integer: the same seed gives the same metrics and the same history. Ids do not depend on it. */
  seed: number;
  clock: Clock;
  /** Changes are kept here, so that every process with this store sees one world. */
  store: Store;
  defaultRegion: string;
  account?: Account;
  onCall?: (call: ObservedCall) => void;
}

/** AWS for `LOCAL_MOCK`: two Regions that live with the clock and remember what was done to them. Uses no SDK. */
export function createSimulatedAws(options: SimulatedOptions): AwsProvider {
  const { seed, clock, store, defaultRegion, account = known.account, onCall } = options;
  const estates = new Map<string, Estate>(known.regions.map((region) => [region, buildEstate(region, account)]));
  return {
    async open({ region = defaultRegion, correlationId, signal, permit }: ScopeRequest) {
      const estate = estates.get(region);
      if (!estate) throw unknownRegion(region);
      const session = `opsagent-${correlationId.replace(/[^\w+=,.@-]/g, '')}`.slice(0, 64);
      // As in AWS: a change has a session of its own, named after it.
      const by = permit?.changeId ?? session;
      const agent = `OpsAgent opsagent/${correlationId}`;
      const apis = simulatedApis(createScene({ seed, estate, clock, store, session, by, agent }));
      const terms = { region, mode: 'LOCAL_MOCK' as const, signal, permit, deadlines: DEFAULT_DEADLINES, onCall };
      return {
        account,
        region,
        mode: 'LOCAL_MOCK',
        async client<S extends Service>(service: S) {
          return guard(service, sendTo(apis[service]), terms);
        },
      };
    },
  };
}

function simulatedApis(scene: Scene): AwsApis {
  return {
    ec2: simulatedEc2(scene),
    ecs: simulatedEcs(scene),
    cloudwatch: simulatedCloudWatch(scene),
    elbv2: simulatedElbv2(scene),
    cloudtrail: simulatedCloudTrail(scene),
    iam: simulatedIam(scene),
    sts: {
      async getCallerIdentity() {
        const { account } = scene.estate;
        return {
          Account: account.id,
          Arn: `arn:aws:sts::${account.id}:assumed-role/OpsAgentReader/${scene.session}`,
          UserId: `AROASIMULATEDESTATE00:${scene.session}`,
        };
      },
    },
  };
}

function unknownRegion(region: string): OpsError {
  return new OpsError('input_invalid', `The simulated estate has no Region '${cleanText(region, 40)}'.`, {
    hint: `Use ${known.regions.join(' or ')}.`,
  });
}
