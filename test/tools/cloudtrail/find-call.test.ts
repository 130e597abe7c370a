import type { Event, LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { expect } from 'chai';
import { findCalls, type SoughtCall } from '../../../tools/cloudtrail/find-call.ts';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const SOUGHT: SoughtCall = {
  actions: ['ec2:RebootInstances'],
  resourceArn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0bad5eed2c0ffee02',
  from: NOON - 60_000,
  to: NOON + 60_000,
  changeId: 'chg-0123456789ab',
  correlationId: '0b6f6e1c-3d52-4a55-9a59-2f5f0e6f7a11',
};

const session = (name: string) => `arn:aws:sts::111122223333:assumed-role/OpsAgentWrite/${name}`;

interface Told {
  arn?: string;
  userAgent?: string;
  errorCode?: string;
}

function event({ arn = session(SOUGHT.changeId), userAgent = '', errorCode }: Told, facts: Event = {}): Event {
  return {
    EventId: 'event-1',
    EventName: 'RebootInstances',
    EventSource: 'ec2.amazonaws.com',
    EventTime: new Date(NOON),
    CloudTrailEvent: JSON.stringify({ userIdentity: { type: 'AssumedRole', arn }, userAgent, errorCode }),
    ...facts,
  };
}

/** CloudTrail that has these events, and remembers what it was asked. */
function trailOf(...pages: Event[][]) {
  const asked: LookupEventsCommandInput[] = [];
  return {
    asked,
    async lookupEvents(input: LookupEventsCommandInput) {
      asked.push(input);
      return { Events: pages[asked.length - 1] ?? [], NextToken: asked.length < pages.length ? 'more' : undefined };
    },
  };
}

const found = { eventId: 'event-1', event: 'RebootInstances', at: new Date(NOON).toISOString() };
const byAgent = {
  arn: 'arn:aws:iam::111122223333:user/ops',
  userAgent: `aws-sdk-js/3 opsagent/${SOUGHT.correlationId}`,
};

describe('the search for a call in CloudTrail', () => {
  const ours: [title: string, event: Event, result: object][] = [
    ['a call by the session of the change', event({}), { result: 'made' }],
    ['a call whose user agent has the correlation id', event(byAgent), { result: 'made' }],
    [
      'the same in the brackets of CloudTrail',
      event({ ...byAgent, userAgent: `[${byAgent.userAgent}]` }),
      { result: 'made' },
    ],
  ];
  for (const [title, one, result] of ours)
    it(`takes ${title} [G10, A1]`, async () => {
      const trail = trailOf([one]);

      const calls = await findCalls(trail, SOUGHT);

      expect(calls).to.deep.equal([{ ...found, ...result }]);
      expect(trail.asked).to.deep.equal([
        {
          LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'i-0bad5eed2c0ffee02' }],
          StartTime: new Date(SOUGHT.from),
          EndTime: new Date(SOUGHT.to),
          MaxResults: 50,
          NextToken: undefined,
        },
      ]);
    });

  const failures: [errorCode: string, result: 'failed in AWS' | 'refused'][] = [
    ['Server.InternalError', 'failed in AWS'],
    ['ServerException', 'failed in AWS'],
    ['InternalError', 'failed in AWS'],
    ['InternalFailure', 'failed in AWS'],
    ['ServiceUnavailable', 'failed in AWS'],
    ['Client.UnauthorizedOperation', 'refused'],
    ['Client.InvalidInstanceID.NotFound', 'refused'],
    ['ClientException', 'refused'],
    ['AccessDenied', 'refused'],
  ];
  for (const [errorCode, result] of failures)
    it(`takes a call with the error ${errorCode} for one that ${result === 'refused' ? 'AWS refused' : 'failed in AWS'} [G10, A1]`, async () => {
      const calls = await findCalls(trailOf([event({ errorCode })]), SOUGHT);

      expect(calls).to.deep.equal([{ ...found, result, error: errorCode }]);
    });

  const others: [title: string, event: Event][] = [
    ['of another change with the same request', event({ ...byAgent, arn: session('chg-ba9876543210') })],
    ['of a role of the same session name elsewhere', event({ arn: `arn:aws:iam::1:user/${SOUGHT.changeId}` })],
    ['of another request', event({ ...byAgent, userAgent: `opsagent/${SOUGHT.correlationId}0` })],
    ['by another operation', event({}, { EventName: 'StopInstances' })],
    ['of another service', event({}, { EventSource: 'ecs.amazonaws.com' })],
    ['from before the approval', event({}, { EventTime: new Date(SOUGHT.from - 1000) })],
    ['from after it could be sent', event({}, { EventTime: new Date(SOUGHT.to + 1000) })],
    ['without a time', event({}, { EventTime: undefined })],
    ['that names nobody readable', event({}, { CloudTrailEvent: '{"userIdentity":' })],
    ['without an id', event({}, { EventId: undefined })],
  ];
  for (const [title, one] of others)
    it(`leaves a call ${title} alone [G10]`, async () => {
      const calls = await findCalls(trailOf([one]), SOUGHT);

      expect(calls).to.deep.equal([]);
    });

  it('reads two pages and no more [T11, G10]', async () => {
    const trail = trailOf([], [event({})], [event({})]);

    const calls = await findCalls(trail, SOUGHT);

    expect(calls).to.deep.equal([{ ...found, result: 'made' }]);
    expect(trail.asked).to.have.length(2);
  });
});
