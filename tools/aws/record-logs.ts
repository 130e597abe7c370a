import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { OpsError } from '../../lib/errors.ts';
import { type RecordAws, type RecordClient, recordClient } from './record-call.ts';

interface Place extends RecordAws {
  /** The log group; it has to exist, since its retention is its owner's to choose. */
  group: string;
  /** Made when it is missing. */
  stream: string;
}

/** PutLogEvents: events a batch, bytes a batch, and what each event adds to its text. */
const MOST_EVENTS = 10_000;
const MOST_BYTES = 1_048_576;
const EVENT_OVERHEAD = 26;
/** The longest text that every Region takes as one event, in bytes of UTF-8. */
const LONGEST_EVENT = 262_144 - EVENT_OVERHEAD;

/**
 * Lines in a log stream of CloudWatch, in the order they are given. An event's time is when it was sent, because CloudWatch
 * refuses events that are old or out of order; when things happened stands in the line.
 * Needs `logs:CreateLogStream`, `logs:PutLogEvents`, `logs:GetLogEvents`.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export function createLogsRecord({ group, stream, ...where }: Place) {
  const client: RecordClient<CloudWatchLogs> = recordClient('logs', where, async (config) => {
    const { CloudWatchLogs } = await import('@aws-sdk/client-cloudwatch-logs');
    return new CloudWatchLogs(config);
  });
  const at = { logGroupName: group, logStreamName: stream };
  let there: Promise<void> | undefined;

  function makeStream(): Promise<void> {
    there ??= createStream(client, at).catch((error) => {
      there = undefined;
      throw error;
    });
    return there;
  }

  /** It may have been deleted meanwhile: the next call makes it again. */
  function forgetStream(error: unknown): never {
    there = undefined;
    throw error;
  }

  return {
    name: `logs:${group}`,
    longestLine: LONGEST_EVENT,
    /** Durable when it resolves; when it rejects, some batches may have arrived. @throws OpsError `aws_*` */
    async append(lines: readonly string[], signal: AbortSignal): Promise<void> {
      await makeStream();
      for (const batch of batches(lines)) await putBatch(client, at, batch, signal).catch(forgetStream);
    },
    async *read(): AsyncGenerator<string> {
      await makeStream();
      let token: string | undefined;
      for (;;) {
        const request = { ...at, startFromHead: true, nextToken: token };
        const { events = [], nextForwardToken } = await client.call('getLogEvents', (logs) =>
          logs.getLogEvents(request),
        );
        for (const { message } of events) if (message !== undefined) yield message;
        // The end is where the token stays the same.
        if (nextForwardToken === token) return;
        token = nextForwardToken;
      }
    },
  };
}

type Stream = { logGroupName: string; logStreamName: string };

async function createStream(client: RecordClient<CloudWatchLogs>, at: Stream): Promise<void> {
  try {
    await client.call('createLogStream', (logs) => logs.createLogStream(at));
  } catch (error) {
    if (!(error instanceof OpsError) || error.facts.aws_code !== 'ResourceAlreadyExistsException') throw error;
  }
}

async function putBatch(
  client: RecordClient<CloudWatchLogs>,
  at: Stream,
  batch: readonly string[],
  abortSignal: AbortSignal,
): Promise<void> {
  const timestamp = Date.now();
  const logEvents = batch.map((message) => ({ message, timestamp }));
  const { rejectedLogEventsInfo: rejected } = await client.call('putLogEvents', (logs) =>
    logs.putLogEvents({ ...at, logEvents }, { abortSignal }),
  );
  if (!rejected) return;
  throw new OpsError('aws_invalid', `CloudWatch Logs took a batch for ${at.logGroupName} only in part.`, {
    hint: 'Check the clock of this machine: events too far from the present are refused.',
    retryable: true,
  });
}

/** As much in one batch as PutLogEvents takes, in order. */
export function* batches(lines: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line) + EVENT_OVERHEAD;
    if (batch.length > 0 && (batch.length === MOST_EVENTS || bytes + size > MOST_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(line);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
