import type { Event, LookupAttribute } from '@aws-sdk/client-cloudtrail';
import { sha256Hex } from '../../../lib/ids.ts';
import type { AwsApis } from '../apis.ts';
import type { Change } from './changes.ts';
import { pageOf } from './paging.ts';
import type { Scene } from './scene.ts';
import { serviceError } from './service-error.ts';
import { type Recorded, usualEvents } from './trail.ts';

const NINETY_DAYS = 90 * 24 * 3_600_000;

export function simulatedCloudTrail(scene: Scene): AwsApis['cloudtrail'] {
  return {
    async lookupEvents({ LookupAttributes = [], StartTime, EndTime, MaxResults = 50, NextToken }) {
      const { now } = await scene.look();
      if (LookupAttributes.length > 1)
        throw refusal('InvalidLookupAttributesException', 'Only one lookup attribute is allowed.');
      if (MaxResults < 1 || MaxResults > 50)
        throw refusal('InvalidMaxResultsException', 'MaxResults must be between 1 and 50.');
      const to = Math.min(EndTime?.getTime() ?? now, now);
      const from = Math.max(StartTime?.getTime() ?? 0, now - NINETY_DAYS);
      if (StartTime && EndTime && StartTime > EndTime) {
        throw refusal('InvalidTimeRangeException', 'StartTime must not be later than EndTime.');
      }
      const made = (await scene.changes(from, to)).map((change) => fromChange(change, scene));
      const events = [...made, ...usualEvents(scene, from, to)]
        .filter((recorded) => LookupAttributes.every((attribute) => matches(toEvent(recorded, scene), attribute)))
        .sort((a, b) => b.at - a.at);
      const { items, next } = pageOf(events, NextToken, MaxResults, invalidToken);
      return { Events: items.map((recorded) => toEvent(recorded, scene)), NextToken: next };
    },
  };
}

const refusal = (code: string, words: string) => serviceError(code, 400, words);
const invalidToken = () => refusal('InvalidNextTokenException', 'The token is not valid.');

/** A change made through OpsAgent, as CloudTrail would tell it. */
function fromChange({ id, at, by, agent, effect }: Change, { estate }: Scene): Recorded {
  const { account, region } = estate;
  const actor = {
    username: by,
    arn: `arn:aws:sts::${account.id}:assumed-role/OpsAgentExecutor/${by}`,
    type: 'AssumedRole',
    ip: '198.51.100.20',
    agent,
  };
  if (effect.kind === 'reboot') {
    return {
      id,
      at,
      actor,
      source: 'ec2',
      name: 'RebootInstances',
      resources: [{ type: 'AWS::EC2::Instance', name: effect.instanceId }],
      parameters: { instancesSet: { items: [{ instanceId: effect.instanceId }] } },
    };
  }
  const { cluster, service, desired } = effect;
  const arn = `arn:aws:ecs:${region}:${account.id}:service/${cluster}/${service}`;
  return {
    id,
    at,
    actor,
    source: 'ecs',
    name: 'UpdateService',
    resources: [
      { type: 'AWS::ECS::Service', name: arn },
      { type: 'AWS::ECS::Service', name: service },
    ],
    parameters: { cluster, service, desiredCount: desired },
  };
}

function toEvent({ id, at, actor, source, name, resources, parameters }: Recorded, { estate }: Scene): Event {
  const EventId = sha256Hex(id).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  const eventSource = `${source}.amazonaws.com`;
  const AccessKeyId = `ASIA${sha256Hex(actor.username).slice(0, 16).toUpperCase()}`;
  return {
    EventId,
    EventName: name,
    EventSource: eventSource,
    EventTime: new Date(at),
    ReadOnly: 'false',
    Username: actor.username,
    AccessKeyId,
    Resources: resources.map(({ type, name: ResourceName }) => ({ ResourceType: type, ResourceName })),
    CloudTrailEvent: JSON.stringify({
      eventVersion: '1.11',
      userIdentity: { type: actor.type, arn: actor.arn, accountId: estate.account.id, accessKeyId: AccessKeyId },
      eventTime: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
      eventSource,
      eventName: name,
      awsRegion: estate.region,
      sourceIPAddress: actor.ip,
      userAgent: actor.agent,
      requestParameters: parameters,
      eventID: EventId,
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: estate.account.id,
      eventCategory: 'Management',
    }),
  };
}

function matches(event: Event, { AttributeKey, AttributeValue }: LookupAttribute): boolean {
  switch (AttributeKey) {
    case 'ResourceName':
      return (event.Resources ?? []).some(({ ResourceName }) => ResourceName === AttributeValue);
    case 'ResourceType':
      return (event.Resources ?? []).some(({ ResourceType }) => ResourceType === AttributeValue);
    case 'EventId':
    case 'EventName':
    case 'EventSource':
    case 'ReadOnly':
    case 'Username':
    case 'AccessKeyId':
      return event[AttributeKey] === AttributeValue;
    default:
      throw refusal('InvalidLookupAttributesException', 'The lookup attribute is not valid.');
  }
}
