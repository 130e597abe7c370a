import type { Event } from '@aws-sdk/client-cloudtrail';
import { z } from 'zod';
import { cleanText } from '../../lib/clean-text.ts';

/** Every text here was written by whoever made the call: cleaned of controls and cut, but still data, never words to follow. */
export const TrailEvent = z.object({
  /** ISO 8601, UTC; '' when AWS did not say. */
  at: z.string(),
  event: z.string(),
  service: z.string(),
  who: z.string(),
  from: z.string(),
  resources: z.array(z.string()),
  /** AWS error code; '' when the call succeeded. */
  error: z.string(),
  event_id: z.string(),
});
export type TrailEvent = z.output<typeof TrailEvent>;

const MOST_RESOURCES = 5;

/** The few fields of the record that are read, each lenient: one odd field must not hide an event. */
const Record = z.object({
  sourceIPAddress: z.string().catch(''),
  errorCode: z.string().catch(''),
  userIdentity: z
    .object({ arn: z.string().catch(''), invokedBy: z.string().catch(''), type: z.string().catch('') })
    .catch({ arn: '', invokedBy: '', type: '' }),
});

export function toTrailEvent(event: Event): TrailEvent {
  const record = readRecord(event.CloudTrailEvent);
  const { arn, invokedBy, type } = record.userIdentity;
  return {
    at: event.EventTime?.toISOString() ?? '',
    event: cleanText(event.EventName ?? 'unknown', 100),
    service: cleanText((event.EventSource ?? '').replace('.amazonaws.com', ''), 60),
    who: cleanText(event.Username || whoBehind(arn) || invokedBy || type || 'unknown', 128),
    from: cleanText(record.sourceIPAddress, 64),
    resources: (event.Resources ?? [])
      .slice(0, MOST_RESOURCES)
      .map(({ ResourceName }) => cleanText(ResourceName ?? '', 160)),
    error: cleanText(record.errorCode, 80),
    event_id: cleanText(event.EventId ?? '', 64),
  };
}

function readRecord(text: string | undefined): z.output<typeof Record> {
  try {
    return Record.parse(JSON.parse(text ?? '{}'));
  } catch {
    // A record that cannot be read leaves its fields empty; the event itself stays in the answer.
    return Record.parse({});
  }
}

/** 'arn:aws:sts::1:assumed-role/Deploy/alice' → 'Deploy/alice'. */
function whoBehind(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}
