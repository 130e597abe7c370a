import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { KMS } from '@aws-sdk/client-kms';
import { S3 } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { createAudit } from '../../../approvals/audit.ts';
import { createAuditStream } from '../../../approvals/audit-stream.ts';
import { publicKeysOf, signerOf } from '../../../approvals/checkpoint-keys.ts';
import { type CheckpointPlace, createCheckpointer } from '../../../approvals/checkpointer.ts';
import { verifyRecord } from '../../../approvals/record-verify.ts';
import { systemClock } from '../../../lib/clock.ts';
import { asOpsError } from '../../../lib/errors.ts';
import { silentLog } from '../../../lib/log.ts';
import { createSqliteStore } from '../../../store/sqlite.ts';
import { openKmsKey } from '../../../tools/aws/record-kms.ts';
import { batches, createLogsRecord } from '../../../tools/aws/record-logs.ts';
import { createS3Record } from '../../../tools/aws/record-s3.ts';
import { type Moto, moto } from '../../peers/peers.ts';
import { type Answer, type Asked, jsonAnswer, type PlayedAws, playedAws } from '../../peers/played-aws.ts';

const region = 'eu-west-1';
const { signal } = new AbortController();

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = [];
  for await (const line of lines) read.push(line);
  return read;
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'ok',
    (error) => asOpsError(error).code,
  );

describe('second places of the audit record in AWS, played by moto', function () {
  this.timeout(60_000);
  let peer: Moto;

  before(async function () {
    peer = await moto(this);
  });

  beforeEach(async () => {
    await peer.reset();
  });

  after(async () => {
    await peer?.stop();
  });

  const where = () => ({ region, endpointUrl: peer.url });
  const sdk = () => ({ region, endpoint: peer.url });
  const bucket = async (locked: boolean) => {
    const s3 = new S3({ ...sdk(), forcePathStyle: true });
    const CreateBucketConfiguration = { LocationConstraint: region } as const;
    await s3.createBucket({ Bucket: 'audit', CreateBucketConfiguration, ObjectLockEnabledForBucket: locked });
    return s3;
  };
  const group = () => new CloudWatchLogs(sdk()).createLogGroup({ logGroupName: '/audit' });
  const logsPlace = (): CheckpointPlace => {
    const stream = createLogsRecord({ ...where(), group: '/audit', stream: 'checkpoints' });
    return { ...stream, write: (_number, line, aborted) => stream.append([line], aborted) };
  };

  it('a chain is signed by a key of KMS, kept in S3 and in CloudWatch Logs, and verified against both [A2]', async () => {
    const { KeyMetadata } = await new KMS(sdk()).createKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    await bucket(false);
    await group();
    const key = await openKmsKey(KeyMetadata?.KeyId ?? '', where());
    const signer = signerOf(key.publicKeyPem, key.sign);
    const parts = { clock: systemClock, log: silentLog, node: 'n' };
    const store = await createSqliteStore({ path: ':memory:', ...parts });
    const audit = createAudit({ ...parts, store, build: 'b' });
    const places = [createS3Record({ ...where(), bucket: 'audit', prefix: 'ops' }), logsPlace()];
    const sealed: (string | undefined)[] = [];
    for (const place of places) {
      const checkpointer = createCheckpointer({ ...parts, store, signer: async () => signer, place });
      await audit.record({ type: 'request_received', correlation_id: 'c-1', summary: 'said' });
      sealed.push(await checkpointer.seal(5_000));
    }

    const reports = await Promise.all(
      places.map((place) =>
        verifyRecord(store, {
          copyPath: undefined,
          checkpoints: { place, keys: async () => publicKeysOf([key.publicKeyPem]) },
        }),
      ),
    );

    expect(sealed).to.deep.equal([undefined, undefined]);
    for (const { ok, firstBad } of reports) expect([ok, firstBad]).to.deep.equal([true, undefined]);
    expect(reports[1]?.checkpoints).to.deep.include({ kind: 'checked', sound: 2, brokenLines: 0 });
    await store.close();
  });

  it('S3 takes a checkpoint once: the same again is no error, another one under its number is [A2]', async () => {
    await bucket(false);
    const place = createS3Record({ ...where(), bucket: 'audit', prefix: 'a/b' });
    await place.write(1, '"one"', signal);
    await place.write(1, '"one"', signal);

    const other = await codeOf(place.write(1, '"other"', signal));
    await place.write(2, '"two"', signal);

    expect(other).to.equal('aws_invalid');
    expect(await all(place.read())).to.deep.equal(['"one"', '"two"']);
  });

  it('S3 locks each checkpoint for seven years where the bucket has Object Lock and no rule of its own [A2, A4]', async () => {
    const s3 = await bucket(true);
    const place = createS3Record({ ...where(), bucket: 'audit', prefix: '' });

    await place.write(1, '"one"', signal);

    const locked = await s3.headObject({ Bucket: 'audit', Key: '000000000001.json' });
    const years = ((locked.ObjectLockRetainUntilDate?.getTime() ?? 0) - Date.now()) / (365.25 * 86_400_000);
    expect(locked.ObjectLockMode).to.equal('COMPLIANCE');
    expect(years).to.be.within(6.99, 7.01);
  });

  it('CloudWatch Logs holds the copy in order, and says which group is missing [A2]', async () => {
    const parts = { clock: systemClock, log: silentLog, node: 'n' };
    const store = await createSqliteStore({ path: ':memory:', ...parts });
    const audit = createAudit({ ...parts, store, build: 'b' });
    const place = createLogsRecord({ ...where(), group: '/audit', stream: 'copy' });
    const copy = createAuditStream({ ...parts, store, place });
    for (let n = 1; n <= 230; n += 1)
      await audit.record({ type: 'request_received', correlation_id: `c-${n}`, summary: `said ${n}` });

    const missing = await copy.tick();
    await group();
    const then = await copy.tick();

    const seqs = (await all(place.read())).map((line) => JSON.parse(line).seq);
    expect(missing).to.match(/logs:CreateLogStream.*failed/);
    expect(then).to.equal(undefined);
    expect(seqs).to.deep.equal(Array.from({ length: 230 }, (_, n) => n + 1));
    await store.close();
  });

  it('CloudWatch Logs gets its stream again at the next call after somebody deleted it [A2]', async () => {
    await group();
    const place = createLogsRecord({ ...where(), group: '/audit', stream: 'again' });
    await place.append(['one'], signal);
    const logs = new CloudWatchLogs({ region, endpoint: peer.url });
    await logs.deleteLogStream({ logGroupName: '/audit', logStreamName: 'again' });

    const error = await place.append(['two'], signal).catch(asOpsError);
    await place.append(['two'], signal);

    expect(error).to.include({ code: 'aws_not_found' });
    expect(await all(place.read())).to.deep.equal(['two']);
  });
});

/** The tokens of pages, as S3 makes them, and what stands on each. */
const PAGES = new Map<string | null, { numbers: readonly number[]; next?: string }>([
  [null, { numbers: [1, 2], next: '1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=' }],
  ['1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=', { numbers: [3, 4], next: '1Vn8+Lq/second=' }],
  ['1Vn8+Lq/second=', { numbers: [5] }],
]);

/** A bucket with more in it than one page of its list, each object holding its own path. */
function pagedBucket({ url }: Asked): Answer {
  const type = 'application/xml';
  if (!url.searchParams.has('list-type')) return { type: 'application/json', body: url.pathname };
  const page = PAGES.get(url.searchParams.get('continuation-token'));
  if (!page)
    return { status: 400, type, body: '<Error><Code>InvalidArgument</Code><Message>bad token</Message></Error>' };
  const contents = page.numbers.map((n) => `<Contents><Key>ops/${String(n).padStart(12, '0')}.json</Key></Contents>`);
  const next = page.next ? `<NextContinuationToken>${page.next}</NextContinuationToken>` : '';
  const body = `<ListBucketResult><IsTruncated>${page.next !== undefined}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`;
  return { type, body };
}

describe('second places of the audit record in AWS, where moto is milder than AWS', () => {
  let aws: PlayedAws;

  afterEach(() => aws.stop());

  const where = () => ({ region, endpointUrl: aws.url });
  const textsSent = () =>
    aws.asked
      .filter(({ operation }) => operation === 'PutLogEvents')
      .map(({ body }) => JSON.parse(body).logEvents.map(({ message }: { message: string }) => message));

  it('gives more checkpoints than one page of S3 holds [A2]', async () => {
    aws = await playedAws(pagedBucket);
    const place = createS3Record({ ...where(), bucket: 'audit', prefix: 'ops' });

    const read = await all(place.read());

    expect(read).to.deep.equal([1, 2, 3, 4, 5].map((n) => `/audit/ops/00000000000${n}.json`));
  });

  for (const rejected of [
    { tooOldLogEventEndIndex: 1 },
    { tooNewLogEventStartIndex: 1 },
    { expiredLogEventEndIndex: 1 },
  ])
    it(`does not take a batch for done of which CloudWatch Logs refused some: ${Object.keys(rejected)} [A2]`, async () => {
      aws = await playedAws(({ operation }) =>
        jsonAnswer(operation === 'PutLogEvents' ? { rejectedLogEventsInfo: rejected } : {}),
      );
      const place = createLogsRecord({ ...where(), group: '/audit', stream: 'copy' });

      const error = await place.append(['one', 'two'], signal).catch(asOpsError);

      expect(error).to.include({ code: 'aws_invalid', retryable: true });
      expect(textsSent()).to.deep.equal([['one', 'two']]);
    });

  it('the copy sends the same records again after CloudWatch Logs took them only in part [A2]', async () => {
    let inPart = true;
    aws = await playedAws(({ operation }) =>
      jsonAnswer(
        operation === 'PutLogEvents' && inPart ? { rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 } } : {},
      ),
    );
    const parts = { clock: systemClock, log: silentLog, node: 'n' };
    const store = await createSqliteStore({ path: ':memory:', ...parts });
    const audit = createAudit({ ...parts, store, build: 'b' });
    const place = createLogsRecord({ ...where(), group: '/audit', stream: 'copy' });
    const copy = createAuditStream({ ...parts, store, place });
    for (let n = 1; n <= 3; n += 1)
      await audit.record({ type: 'request_received', correlation_id: `c-${n}`, summary: `said ${n}` });

    const problems = [await copy.tick()];
    inPart = false;
    problems.push(await copy.tick(), await copy.tick());

    const seqs = textsSent().map((lines: string[]) => lines.map((line) => JSON.parse(line).seq));
    expect(problems).to.deep.equal(['CloudWatch Logs took a batch for /audit only in part.', undefined, undefined]);
    expect(seqs).to.deep.equal([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    await store.close();
  });
});

describe('batches for PutLogEvents', () => {
  it('keep the order, 10,000 events and 1,048,576 bytes with 26 for each event [A2]', () => {
    const many = Array.from({ length: 25_000 }, (_, n) => String(n));
    const long = Array.from({ length: 9 }, () => 'é'.repeat(100_000));

    const [bySize, byCount] = [[...batches(long)], [...batches(many)]];

    expect(byCount.map(({ length }) => length)).to.deep.equal([10_000, 10_000, 5_000]);
    expect(byCount.flat()).to.deep.equal(many);
    expect(bySize.map(({ length }) => length)).to.deep.equal([5, 4]);
    expect([...batches([])]).to.deep.equal([]);
  });
});
