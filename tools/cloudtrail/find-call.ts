import type { Event } from '@aws-sdk/client-cloudtrail';
import { z } from 'zod';
import { cleanText } from '../../lib/clean-text.ts';
import type { AwsApis } from '../aws/apis.ts';
import { collect } from '../aws/pages.ts';

const PAGE_SIZE = 50;
/** Spaced by the caller for CloudTrail's two requests a second, and by nothing here: a second page is rare. */
const PAGE_CAP = 2;

/** A call that OpsAgent may have made, as far as it is known. */
export interface SoughtCall {
  /** IAM actions, any of them: 'ec2:RebootInstances'. */
  actions: readonly string[];
  resourceArn: string;
  /** Epoch ms, both included. */
  from: number;
  to: number;
  /** Names the session of the write role. */
  changeId: string;
  /** Ends the user agent where there was no write role. */
  correlationId: string;
}

/** `refused`: AWS says that it did not do it. `failed in AWS`: it may have begun. */
export type FoundCall = { eventId: string; event: string; at: string } & (
  | { result: 'made' }
  | { result: 'refused' | 'failed in AWS'; error: string }
);

const Told = z.object({
  userAgent: z.string().catch(''),
  errorCode: z.string().catch(''),
  userIdentity: z.object({ arn: z.string().catch('') }).catch({ arn: '' }),
});

/**
 * Every event of CloudTrail that is this very call: by resource and time, then by who made it. CloudTrail lags by minutes, so
 * an empty answer proves nothing. One look-up, two when there is much on the resource.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export async function findCalls(cloudtrail: AwsApis['cloudtrail'], sought: SoughtCall): Promise<FoundCall[]> {
  const { resourceArn, from, to } = sought;
  const AttributeValue = resourceArn.slice(resourceArn.lastIndexOf('/') + 1);
  const { items } = await collect(
    async (NextToken) => {
      const page = await cloudtrail.lookupEvents({
        LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue }],
        StartTime: new Date(from),
        EndTime: new Date(to),
        MaxResults: PAGE_SIZE,
        NextToken,
      });
      return { items: page.Events ?? [], next: page.NextToken };
    },
    { maxPages: PAGE_CAP, maxItems: PAGE_SIZE * PAGE_CAP },
  );
  return items.flatMap((event) => asFound(event, sought) ?? []);
}

function asFound(event: Event, { actions, changeId, correlationId, from, to }: SoughtCall): FoundCall | undefined {
  const { EventId, EventName = '', EventSource = '', EventTime } = event;
  const action = `${EventSource.replace('.amazonaws.com', '')}:${EventName}`;
  const at = EventTime?.getTime();
  if (!EventId || at === undefined || at < from || at > to || !actions.includes(action)) return undefined;
  const { userAgent, errorCode, userIdentity } = told(event.CloudTrailEvent);
  if (!isOurs(userIdentity.arn, userAgent, changeId, correlationId)) return undefined;
  const found = { eventId: cleanText(EventId, 64), event: cleanText(EventName, 100), at: new Date(at).toISOString() };
  if (errorCode === '') return { ...found, result: 'made' };
  const result = /^Server\b|Internal|Unavailable|ServerException/.test(errorCode) ? 'failed in AWS' : 'refused';
  return { ...found, result, error: cleanText(errorCode, 80) };
}

/** A session that is named after another change is that change's, whatever the user agent says. */
function isOurs(arn: string, userAgent: string, changeId: string, correlationId: string): boolean {
  const session = /^arn:aws[a-z-]*:sts::\d{12}:assumed-role\/[^/]+\/(chg-[^/]+)$/.exec(arn)?.[1];
  if (session !== undefined) return session === changeId;
  // CloudTrail puts brackets around some.
  return userAgent.split(/[\s[\]]+/).includes(`opsagent/${correlationId}`);
}

function told(text: string | undefined): z.output<typeof Told> {
  try {
    return Told.parse(JSON.parse(text ?? '{}'));
  } catch {
    // A record that cannot be read names nobody, so it is not ours.
    return Told.parse({});
  }
}
