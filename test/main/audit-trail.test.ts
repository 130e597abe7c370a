import { verify } from 'node:crypto';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { KMS } from '@aws-sdk/client-kms';
import { S3 } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { createAudit } from '../../approvals/audit.ts';
import { headsOf } from '../../approvals/checkpoint.ts';
import { createKeyFiles } from '../../approvals/checkpoint-keys.ts';
import { verifyRecord } from '../../approvals/record-verify.ts';
import { systemClock } from '../../lib/clock.ts';
import { type Config, loadConfig } from '../../lib/config.ts';
import { type Log, silentLog } from '../../lib/log.ts';
import { silentTelemetry } from '../../lib/telemetry.ts';
import { openAuditTrail } from '../../main/audit-trail.ts';
import { openSecondPlace } from '../../main/second-place.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import { type Moto, moto } from '../peers/peers.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

const region = 'eu-west-1';

async function trailOf(config: Config, log: Log = silentLog) {
  const parts = { clock: systemClock, log, node: 'n' };
  const store = await createSqliteStore({ path: ':memory:', ...parts });
  const trail = await openAuditTrail({ ...parts, config, store, telemetry: silentTelemetry });
  const audit = createAudit({ ...parts, store, build: 'b', copy: trail.recorded });
  return { store, trail, audit };
}

describe('the audit trail as it is configured', () => {
  it('says at start that there are no checkpoints, outside of the simulator only [A2]', async () => {
    const said: string[] = [];
    const log = { ...silentLog, warn: (_facts: object, message: string) => said.push(message) };

    await trailOf(loadConfig({}), log);
    const inSimulator = said.length;
    await trailOf({ ...loadConfig({}), EXECUTION_MODE: 'DRY_RUN' }, log);

    expect(inSimulator).to.equal(0);
    expect(said).to.have.length(1);
    expect(said[0]).to.match(/AUDIT_CHECKPOINTS is not set/);
  });

  it('lets nothing wait for a checkpoint unless that was asked for [A3]', async () => {
    const { trail } = await trailOf(loadConfig({}));

    const behind = trail.behind();

    expect([trail.seal, behind]).to.deep.equal([undefined, undefined]);
    await trail.keep(new AbortController().signal);
    await trail.close();
  });
});

describe('the audit trail in AWS, played by moto', function () {
  this.timeout(60_000);
  const path = temporaryFolder();
  let peer: Moto;

  before(async function () {
    peer = await moto(this);
  });

  beforeEach(async () => {
    await peer.reset();
    const sdk = { region, endpoint: peer.url };
    const CreateBucketConfiguration = { LocationConstraint: region } as const;
    await new S3({ ...sdk, forcePathStyle: true }).createBucket({ Bucket: 'audit', CreateBucketConfiguration });
    await new CloudWatchLogs(sdk).createLogGroup({ logGroupName: '/audit' });
    createKeyFiles(path('key.pem'));
  });

  after(async () => {
    await peer?.stop();
  });

  const kmsKey = async () => {
    const kms = new KMS({ region, endpoint: peer.url });
    return (await kms.createKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })).KeyMetadata?.KeyId ?? '';
  };

  const setups: [string, () => Promise<Record<string, string>>][] = [
    ['S3, signed by KMS', async () => ({ AUDIT_CHECKPOINTS: 's3://audit/ops', AUDIT_KMS_KEY_ID: await kmsKey() })],
    [
      'CloudWatch Logs, signed by a key file',
      async () => ({ AUDIT_CHECKPOINTS: 'logs:/audit', AUDIT_SIGNING_KEY_FILE: path('key.pem') }),
    ],
  ];
  for (const [what, keys] of setups) {
    it(`keeps checkpoints in ${what}, and a copy in CloudWatch Logs [A2, A3]`, async () => {
      const more = { AUDIT_COPY: 'logs:/audit', AUDIT_REQUIRE_CHECKPOINTS: 'true', AWS_ENDPOINT_URL: peer.url };
      const config = loadConfig({ ...(await keys()), ...more });
      const { store, trail, audit } = await trailOf(config);
      for (let n = 1; n <= 7; n += 1)
        await audit.record({ type: 'request_received', correlation_id: `c-${n}`, summary: `said ${n}` });

      const sealed = await trail.seal?.();
      await trail.close();

      const second = await openSecondPlace(config);
      const report = await verifyRecord(store, { copyPath: undefined, ...(second ? { checkpoints: second } : {}) });
      const stream = { logGroupName: '/audit', logStreamName: 'opsagent-audit', startFromHead: true };
      const { events = [] } = await new CloudWatchLogs({ region, endpoint: peer.url }).getLogEvents(stream);
      expect([sealed, trail.behind()]).to.deep.equal([undefined, undefined]);
      expect(report).to.deep.include({ ok: true, records: 7 });
      expect(report.checkpoints.kind === 'checked' && headsOf(report.checkpoints.newest)[0]?.seq).to.equal(7);
      expect(events.map(({ message = '{}' }) => JSON.parse(message).seq)).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
      await store.close();
    });
  }

  it('signs with a key in KMS once KMS gives it, though it did not at first [A2, O5]', async () => {
    const keys = { AUDIT_CHECKPOINTS: `file:${path('second')}`, AUDIT_KMS_KEY_ID: 'alias/audit' };
    const second = await openSecondPlace(loadConfig({ ...keys, AWS_ENDPOINT_URL: peer.url }));
    const first = await second?.signer().then(
      () => 'signs',
      ({ code }) => code,
    );
    const kms = new KMS({ region, endpoint: peer.url });
    await kms.createAlias({ AliasName: 'alias/audit', TargetKeyId: await kmsKey() });

    const signer = await second?.signer();
    const signature = await signer?.sign(Buffer.from('a checkpoint'));

    expect(first).to.equal('aws_not_found');
    expect(
      verify('sha256', Buffer.from('a checkpoint'), signer?.publicKeyPem ?? '', signature ?? Buffer.of()),
    ).to.equal(true);
  });

  it('says what is wrong while AWS is away, records all the same, and catches up [A2, A3, A6]', async () => {
    const keys = { AUDIT_CHECKPOINTS: 's3://elsewhere/ops', AUDIT_SIGNING_KEY_FILE: path('key.pem') };
    const config = loadConfig({ ...keys, AUDIT_COPY: 'logs:/elsewhere', AWS_ENDPOINT_URL: peer.url });
    const { store, trail, audit } = await trailOf(config);
    await audit.record({ type: 'request_received', correlation_id: 'c-1', summary: 'said' });

    await trail.close();
    const behind = trail.behind();
    await new CloudWatchLogs({ region, endpoint: peer.url }).createLogGroup({ logGroupName: '/elsewhere' });
    const CreateBucketConfiguration = { LocationConstraint: region } as const;
    const s3 = new S3({ region, endpoint: peer.url, forcePathStyle: true });
    await s3.createBucket({ Bucket: 'elsewhere', CreateBucketConfiguration });
    await trail.close();

    expect(behind).to.match(/bucket does not exist.*1 records wait.*the audit copy does not arrive/i);
    expect(trail.behind()).to.equal(undefined);
    await store.close();
  });
});
