import { known } from '../../../tools/aws/simulated/known.ts';

/** How an instance stands now, as far as the walk moves it. */
interface Standing {
  launches: number;
  managed: boolean;
}

interface Described {
  InstanceId: string;
  LaunchTime: Date;
  Tags: { Key: string; Value: string }[];
}

/** What the walk does to the world behind a plan, and what has to be the same when the plan runs. */
export interface Estate {
  relaunch(instanceId: string): void;
  toggleTag(instanceId: string): void;
  scaled(service: string, desired: number): void;
  /** Equal texts: the same world, for this target. */
  factsOf(target: string): string;
  isManaged(target: string): boolean;
  /** Changes what a read of AWS answers. */
  seen(operation: string, output: unknown): unknown;
}

export const INSTANCES: readonly string[] = [known.sickInstance, known.healthyInstance, known.productionInstance];
const UNMANAGED: readonly string[] = [known.untaggedInstance, known.untaggedService.service];

export function createEstate(): Estate {
  const instances = new Map<string, Standing>();
  const desired = new Map<string, number>([
    [known.healthyService.service, known.healthyService.desired],
    [known.sickService.service, known.sickService.desired],
  ]);
  const standing = (id: string): Standing => instances.get(id) ?? { launches: 0, managed: !UNMANAGED.includes(id) };
  const described = (instance: Described): Described => {
    const { launches, managed } = standing(instance.InstanceId);
    const LaunchTime = new Date(instance.LaunchTime.getTime() + launches * 1000);
    const Tags = managed ? instance.Tags : instance.Tags.filter(({ Key }) => Key !== 'OpsAgentManaged');
    return { ...instance, LaunchTime, Tags };
  };
  return {
    relaunch(id) {
      instances.set(id, { ...standing(id), launches: standing(id).launches + 1 });
    },
    toggleTag(id) {
      instances.set(id, { ...standing(id), managed: !standing(id).managed });
    },
    scaled: (service, count) => void desired.set(service, count),
    factsOf: (target) => JSON.stringify([standing(target), desired.get(target)]),
    isManaged: (target) => standing(target).managed,
    seen(operation, output) {
      if (operation !== 'describeInstances') return output;
      const { Reservations } = output as { Reservations: { Instances: Described[] }[] };
      return { Reservations: Reservations.map((one) => ({ ...one, Instances: one.Instances.map(described) })) };
    },
  };
}
