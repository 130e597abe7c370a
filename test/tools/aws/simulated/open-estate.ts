import { silentLog } from '../../../../lib/log.ts';
import { createSqliteStore } from '../../../../store/sqlite.ts';
import type { Store } from '../../../../store/store.ts';
import type { AwsApis } from '../../../../tools/aws/apis.ts';
import type { Aws } from '../../../../tools/aws/aws.ts';
import { mintPermit } from '../../../../tools/aws/permit.ts';
import { createSimulatedAws } from '../../../../tools/aws/simulated/simulated-aws.ts';
import { movableClock } from '../../../store/movable-clock.ts';

/** An ordinary afternoon. */
export const START = Date.parse('2026-03-03T14:10:20Z');

interface Options {
  seed?: number;
  region?: string;
  /** Shared with another estate, as two processes share one. */
  store?: Store;
}

export interface OpenEstate {
  aws: Aws;
  apis: AwsApis;
  store: Store;
  setNow(ms: number): void;
}

/** The simulated estate with a permit, on a clock that stands still. */
export async function openEstate({ seed = 1, region, store }: Options = {}): Promise<OpenEstate> {
  const { clock, setNow } = movableClock(START);
  const shared = store ?? (await createSqliteStore({ path: ':memory:', clock, log: silentLog }));
  const provider = createSimulatedAws({ seed, clock, store: shared, defaultRegion: 'eu-west-1' });
  const signal = new AbortController().signal;
  const aws = await provider.open({ region, correlationId: 'c-1', signal, permit: mintPermit('chg-1', 1, () => true) });
  const apis: AwsApis = {
    ec2: await aws.client('ec2'),
    ecs: await aws.client('ecs'),
    cloudwatch: await aws.client('cloudwatch'),
    elbv2: await aws.client('elbv2'),
    cloudtrail: await aws.client('cloudtrail'),
    iam: await aws.client('iam'),
    sts: await aws.client('sts'),
  };
  return { aws, apis, store: shared, setNow };
}

/** What a call was refused with; undefined when it was not. */
export function thrownBy(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}
