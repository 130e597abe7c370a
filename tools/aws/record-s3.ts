import type { S3 } from '@aws-sdk/client-s3';
import { OpsError } from '../../lib/errors.ts';
import { type RecordAws, type RecordClient, recordClient } from './record-call.ts';

interface Place extends RecordAws {
  bucket: string;
  /** May be empty. */
  prefix: string;
}

/** Whole years, as records are kept. */
const RETAIN_YEARS = 7;

/**
 * Small texts by number, each written once: `If-None-Match` lets nobody write over one, and in a bucket with Object Lock but
 * without a default retention each is locked for seven years (compliance mode: nobody can shorten it).
 * Needs `s3:PutObject`, `s3:PutObjectRetention`, `s3:GetObject`, `s3:ListBucket`, `s3:GetBucketObjectLockConfiguration`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function createS3Record({ bucket, prefix, ...where }: Place) {
  const client: RecordClient<S3> = recordClient('s3', where, async (config) => {
    const { S3 } = await import('@aws-sdk/client-s3');
    return new S3({ ...config, forcePathStyle: where.endpointUrl !== undefined });
  });
  const folder = prefix === '' ? '' : `${prefix}/`;
  const keyOf = (number: number) => `${folder}${String(number).padStart(12, '0')}.json`;

  async function readOne(Key: string): Promise<string> {
    return client.call('getObject', async (s3) => {
      const { Body } = await s3.getObject({ Bucket: bucket, Key });
      return (await Body?.transformToString()) ?? '';
    });
  }

  async function retention(now: Date, abortSignal: AbortSignal) {
    if (!(await locksByHand(client, bucket, abortSignal))) return {};
    const until = new Date(now);
    until.setUTCFullYear(until.getUTCFullYear() + RETAIN_YEARS);
    return { ObjectLockMode: 'COMPLIANCE' as const, ObjectLockRetainUntilDate: until };
  }

  return {
    name: `s3://${bucket}/${prefix}`,
    /** @throws OpsError `aws_*`; `aws_invalid` when something else stands under that number */
    async write(number: number, text: string, signal: AbortSignal): Promise<void> {
      const Key = keyOf(number);
      const lock = await retention(new Date(), signal);
      const object = { Bucket: bucket, Key, Body: text, ContentType: 'application/json', IfNoneMatch: '*', ...lock };
      try {
        await client.call('putObject', (s3) => s3.putObject(object, { abortSignal: signal }));
      } catch (error) {
        if (!isTaken(error) || (await readOne(Key)) !== text) throw error;
      }
    },
    async *read(): AsyncGenerator<string> {
      let token: string | undefined;
      do {
        const request = { Bucket: bucket, Prefix: folder, ContinuationToken: token };
        const page = await client.call('listObjectsV2', (s3) => s3.listObjectsV2(request));
        for (const { Key } of page.Contents ?? []) if (Key?.endsWith('.json')) yield await readOne(Key);
        token = page.NextContinuationToken;
      } while (token);
    },
  };
}

/** Object Lock is on and the bucket sets no retention by itself. */
async function locksByHand({ call }: RecordClient<S3>, bucket: string, abortSignal: AbortSignal): Promise<boolean> {
  try {
    const { ObjectLockConfiguration: lock } = await call('getObjectLockConfiguration', (s3) =>
      s3.getObjectLockConfiguration({ Bucket: bucket }, { abortSignal }),
    );
    return lock?.ObjectLockEnabled === 'Enabled' && lock.Rule?.DefaultRetention === undefined;
  } catch (error) {
    if (error instanceof OpsError && error.facts.aws_code === 'ObjectLockConfigurationNotFoundError') return false;
    throw error;
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof OpsError && error.facts.http_status === 412;
}
