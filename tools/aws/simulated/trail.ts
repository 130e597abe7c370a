import type { Estate } from './estate.ts';
import { chance, hashText } from './random.ts';
import type { Scene } from './scene.ts';

/** One management event, before it is dressed as CloudTrail dresses it. */
export interface Recorded {
  id: string;
  at: number;
  actor: { username: string; arn: string; type: string; ip: string; agent: string };
  source: string;
  name: string;
  resources: { type: string; name: string }[];
  parameters: Record<string, unknown>;
}

const HOUR = 3_600_000;
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64)';

/** What people and pipelines did on ordinary days: always the same for one seed, up to two events an hour. */
export function usualEvents(
  { seed, estate }: Pick<Scene, 'seed' | 'estate'>,
  fromMs: number,
  toMs: number,
): Recorded[] {
  const key = hashText(estate.region);
  const events: Recorded[] = [];
  for (let hour = Math.floor(fromMs / HOUR); hour <= Math.floor(toMs / HOUR); hour += 1) {
    if (hour % 24 === 6) events.push(...dailyDeployment(estate, hour));
    for (const slot of [0, 1]) {
      const draw = (question: number) => chance(seed + slot, key + question, hour);
      if (draw(0) < 0.6)
        events.push(ordinaryEvent(estate, `${hour}/${slot}`, Math.floor((hour + draw(1)) * HOUR), draw));
    }
  }
  return events.filter(({ at }) => at >= fromMs && at <= toMs);
}

function ordinaryEvent(estate: Estate, id: string, at: number, draw: (question: number) => number): Recorded {
  const choose = <T>(from: readonly [T, ...T[]], question: number): T =>
    from[Math.floor(draw(question) * from.length)] ?? from[0];
  const what = choose(KINDS, 2)(estate, draw(3));
  const actor = person(estate, choose(['maria.silva', 'jonas.weber', 'amina.okafor'], 4));
  return { id: `${estate.region}/${id}`, at, actor, ...what };
}

/** Every morning at 06:57 UTC the pipeline rolls checkout out. */
function dailyDeployment(estate: Estate, hour: number): Recorded[] {
  const service = estate.services.find(({ name }) => name === 'checkout');
  if (!service) return [];
  const at = hour * HOUR + 57 * 60_000;
  const facts = { at, actor: pipeline(estate), source: 'ecs' };
  const { cluster, name, taskDefinition } = service;
  return [
    {
      ...facts,
      id: `${estate.region}/${hour}/deploy`,
      name: 'UpdateService',
      resources: [
        { type: 'AWS::ECS::Service', name: service.arn },
        { type: 'AWS::ECS::Service', name },
      ],
      parameters: { cluster, service: name, taskDefinition, forceNewDeployment: false },
    },
    {
      ...facts,
      id: `${estate.region}/${hour}/register`,
      at: at - 20_000,
      name: 'RegisterTaskDefinition',
      resources: [{ type: 'AWS::ECS::TaskDefinition', name: taskDefinition }],
      parameters: { family: name },
    },
  ];
}

type Kind = (estate: Estate, pick: number) => Pick<Recorded, 'source' | 'name' | 'resources' | 'parameters'>;

function onInstance(name: string, extra: Record<string, unknown> = {}): Kind {
  return ({ instances }, pick) => {
    const id = instances[Math.floor(pick * instances.length)]?.id ?? '';
    const parameters = { ...extra, instancesSet: { items: [{ instanceId: id }] } };
    return { source: 'ec2', name, resources: [{ type: 'AWS::EC2::Instance', name: id }], parameters };
  };
}

const onAlarm: Kind = ({ alarms }, pick) => {
  const alarm = alarms[Math.floor(pick * alarms.length)]?.name ?? '';
  return {
    source: 'monitoring',
    name: 'PutMetricAlarm',
    resources: [{ type: 'AWS::CloudWatch::Alarm', name: alarm }],
    parameters: { alarmName: alarm },
  };
};

const onGroup: Kind = ({ targetGroups }, pick) => {
  const arn = targetGroups[Math.floor(pick * targetGroups.length)]?.arn ?? '';
  return {
    source: 'elasticloadbalancing',
    name: 'ModifyTargetGroupAttributes',
    resources: [{ type: 'AWS::ElasticLoadBalancingV2::TargetGroup', name: arn }],
    parameters: { targetGroupArn: arn },
  };
};

const signIn: Kind = () => ({ source: 'signin', name: 'ConsoleLogin', resources: [], parameters: {} });

const KINDS: readonly [Kind, ...Kind[]] = [
  signIn,
  onInstance('RebootInstances'),
  onInstance('CreateTags', { tagSet: { items: [{ key: 'Team' }] } }),
  onInstance('ModifyInstanceAttribute'),
  onAlarm,
  onGroup,
];

function person({ account }: Estate, name: string): Recorded['actor'] {
  return {
    username: name,
    arn: `arn:aws:iam::${account.id}:user/${name}`,
    type: 'IAMUser',
    ip: `203.0.113.${10 + (hashText(name) % 200)}`,
    agent: BROWSER,
  };
}

function pipeline({ account }: Estate): Recorded['actor'] {
  return {
    username: 'deploy-bot',
    arn: `arn:aws:sts::${account.id}:assumed-role/Deploy/deploy-bot`,
    type: 'AssumedRole',
    ip: '198.51.100.7',
    agent: 'aws-cli/2.27',
  };
}
