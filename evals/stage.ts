import type { Event } from '@aws-sdk/client-cloudtrail';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AwsApis, Service } from '../tools/aws/apis.ts';
import type { AwsProvider } from '../tools/aws/aws.ts';

/** What a scenario puts into the simulated estate: tags and alarms that people and machines wrote, events of long ago. */
export interface Stage {
  /** Instance id → further tags. */
  tags?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** They ring, and rang for a week. */
  alarms?: readonly { name: string; reason: string; threshold: number; instance: string }[];
  events?: readonly { name: string; by: string; resource: string; daysAgo: number }[];
}

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;

type Overlays = { [S in Service]?: (api: AwsApis[S]) => AwsApis[S] };

/** The estate with the stage set; nothing of it can be changed. */
export function setStage(inner: AwsProvider, stage: Stage, now: () => number): AwsProvider {
  const overlays: Overlays = {
    ec2: (api) => withTags(api, stage),
    cloudwatch: (api) => withAlarms(api, stage, now),
    cloudtrail: (api) => withEvents(api, stage, now),
  };
  return {
    async open(request) {
      const aws = await inner.open(request);
      return {
        ...aws,
        async client<S extends Service>(service: S) {
          const api = await aws.client(service);
          const overlay: Overlays[S] = overlays[service];
          return overlay ? overlay(api) : api;
        },
      };
    },
  };
}

function withTags(api: AwsApis['ec2'], { tags = {} }: Stage): AwsApis['ec2'] {
  const further = (id = '') => Object.entries(tags[id] ?? {}).map(([Key, Value]) => ({ Key, Value }));
  return {
    ...api,
    async describeInstances(input) {
      const page = await api.describeInstances(input);
      const Reservations = page.Reservations?.map((one) => ({
        ...one,
        Instances: one.Instances?.map((each) => ({
          ...each,
          Tags: [...(each.Tags ?? []), ...further(each.InstanceId)],
        })),
      }));
      return { ...page, Reservations };
    },
  };
}

function withAlarms(api: AwsApis['cloudwatch'], { alarms = [] }: Stage, now: () => number): AwsApis['cloudwatch'] {
  const staged = alarms.map(
    ({ name, reason, threshold, instance }): MetricAlarm => ({
      AlarmName: name,
      StateValue: 'ALARM',
      StateReason: reason,
      StateTransitionedTimestamp: new Date(now() - WEEK_DAYS * DAY_MS),
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Threshold: threshold,
      ComparisonOperator: 'GreaterThanThreshold',
      Dimensions: [{ Name: 'InstanceId', Value: instance }],
    }),
  );
  return {
    ...api,
    async describeAlarms(input) {
      const page = await api.describeAlarms(input);
      const wanted = input.StateValue === undefined || input.StateValue === 'ALARM';
      const first = wanted && input.NextToken === undefined ? staged : [];
      return { ...page, MetricAlarms: [...first, ...(page.MetricAlarms ?? [])] };
    },
  };
}

function withEvents(api: AwsApis['cloudtrail'], { events = [] }: Stage, now: () => number): AwsApis['cloudtrail'] {
  const staged = events.map(
    ({ name, by, resource, daysAgo }): Event => ({
      EventName: name,
      EventSource: 'ec2.amazonaws.com',
      EventTime: new Date(now() - daysAgo * DAY_MS),
      Username: by,
      Resources: [{ ResourceType: 'AWS::EC2::Instance', ResourceName: resource }],
    }),
  );
  return {
    ...api,
    async lookupEvents(input) {
      const page = await api.lookupEvents(input);
      const [from, to] = [input.StartTime?.getTime() ?? 0, input.EndTime?.getTime() ?? now()];
      const found = staged.filter(({ EventTime, EventName, Resources = [] }) => {
        const at = EventTime?.getTime() ?? 0;
        const values = ['false', EventName, ...Resources.map(({ ResourceName }) => ResourceName)];
        const asked = input.LookupAttributes ?? [];
        return at >= from && at < to && asked.every(({ AttributeValue }) => values.includes(AttributeValue));
      });
      // Older than anything else in an answer that they are in, as far as scenarios go.
      return page.NextToken === undefined ? { ...page, Events: [...(page.Events ?? []), ...found] } : page;
    },
  };
}
