import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import { OpsError } from '../../lib/errors.ts';
import { openRemoteConfig } from '../../lib/remote-config.ts';
import { type BrokenAws, brokenAws } from '../peers/broken-aws.ts';
import { type Moto, moto } from '../peers/peers.ts';

const REGION = 'eu-west-1';

describe('Parameter Store and Secrets Manager, played by moto', function () {
  this.timeout(30_000);
  let peer: Moto;
  let ssm: SSMClient;
  const put = (Name: string, Value: string, Type: 'String' | 'StringList' | 'SecureString' = 'String') =>
    ssm.send(new PutParameterCommand({ Name, Value, Type }));
  const remote = () => openRemoteConfig({ region: REGION, endpointUrl: peer.url });

  before(async function () {
    peer = await moto(this);
    ssm = new SSMClient({ region: REGION, endpoint: peer.url });
  });

  beforeEach(() => peer.reset());
  after(async () => peer?.stop());

  it('give one parameter by its name, decrypted [G2, O3]', async () => {
    await put('/ops/policy', 'changes: paused', 'SecureString');

    const found = await remote().parameters('/ops/policy');

    expect(found).to.deep.equal([{ name: '/ops/policy', type: 'SecureString', value: 'changes: paused' }]);
  });

  it('give what lies below a path decrypted too [G2, O3]', async () => {
    await put('/ops/people/leads', 'Bob: {email: bob@example.com, roles: [ops-lead]}', 'SecureString');

    const found = await remote().parameters('/ops/people/');

    expect(found).to.deep.equal([
      {
        name: '/ops/people/leads',
        type: 'SecureString',
        value: 'Bob: {email: bob@example.com, roles: [ops-lead]}',
      },
    ]);
  });

  it('give all that lies directly below a path, however many pages, and nothing else [G2]', async () => {
    const part = `# ${'x'.repeat(3_900)}`;
    const names = Array.from({ length: 23 }, (_, at) => `/ops/people/part-${String(at).padStart(2, '0')}`);
    for (const name of [...names].reverse()) await put(name, part);
    await put('/ops/people/deeper/one', part);
    await put('/ops/people-of-others', part);

    const found = await remote().parameters('/ops/people/');

    expect(found.map(({ name }) => name)).to.deep.equal(names);
    expect(found.reduce((sum, { value }) => sum + value.length, 0)).to.be.above(8_192);
    expect((await peer.calls()).filter(({ action }) => action === 'GetParametersByPath')).to.have.length(3);
  });

  it('give no more than 200 parameters of a path [G2]', async () => {
    for (let at = 0; at < 201; at += 1) await put(`/ops/many/${at}`, 'x');

    const error = await refusalOf(remote().parameters('/ops/many/'));

    expect(error).to.include({ code: 'aws_invalid' });
    expect(error.message).to.include('more than 200');
  });

  it('say that a parameter, a path or a secret is not there [G2, O3]', async () => {
    const readings = [
      () => remote().parameters('/ops/none'),
      () => remote().parameters('/ops/none/'),
      () => remote().secret('none'),
    ];
    for (const reading of readings) {
      const error = await refusalOf(reading());

      expect(error.code).to.equal('aws_not_found');
      expect(error.hint).to.match(/Check the (name|path)/);
    }
  });

  it('give a secret by its name and by the ARN of another Region [O3]', async () => {
    const elsewhere = new SecretsManagerClient({ region: 'us-east-1', endpoint: peer.url });
    const here = new SecretsManagerClient({ region: REGION, endpoint: peer.url });
    await here.send(new CreateSecretCommand({ Name: 'ops/slack', SecretString: 'here' }));
    const { ARN } = await elsewhere.send(new CreateSecretCommand({ Name: 'ops/slack', SecretString: 'elsewhere' }));

    const found = [await remote().secret('ops/slack'), await remote().secret(ARN ?? '')];

    expect(found).to.deep.equal(['here', 'elsewhere']);
  });

  it('give no secret that is binary [O3]', async () => {
    const here = new SecretsManagerClient({ region: REGION, endpoint: peer.url });
    await here.send(new CreateSecretCommand({ Name: 'binary', SecretBinary: Buffer.from('s3cr3t') }));

    const error = await refusalOf(remote().secret('binary'));

    expect(error).to.include({ code: 'aws_error' });
    expect(error.message).to.include('no text');
  });
});

describe('Parameter Store on a bad day', function () {
  this.timeout(30_000);
  let peer: BrokenAws;
  const remote = () => openRemoteConfig({ region: REGION, endpointUrl: peer.url });

  before(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' });
    peer = await brokenAws();
  });

  after(() => peer.stop());

  const answers: [title: string, status: number, body: string, code: string, hint: RegExp][] = [
    ['throttles', 400, '{"__type":"ThrottlingException","message":"Rate exceeded"}', 'aws_throttled', /slow down/],
    [
      'denies access',
      400,
      '{"__type":"AccessDeniedException","message":"User: x is not authorized to perform: ssm:GetParameter"}',
      'aws_access_denied',
      /Allow ssm:GetParameter(sByPath)? .*kms:Decrypt.*docs\/aws-config\.md/,
    ],
    [
      'knows the credentials no more',
      400,
      '{"__type":"ExpiredTokenException","message":"The security token has expired"}',
      'aws_credentials',
      /Renew/,
    ],
    ['cannot decrypt', 400, '{"__type":"InvalidKeyId","message":"disabled"}', 'aws_invalid', /Correct/],
    ['fails', 500, '{"__type":"InternalServerError","message":"oops"}', 'aws_error', /Try again/],
    ['answers like a proxy', 200, '<html>sign in, s3cr3t</html>', 'aws_error', /AWS_ENDPOINT_URL/],
    ['answers with nothing', 200, '{}', 'aws_error', /AWS_ENDPOINT_URL/],
  ];
  for (const [title, status, body, code, hint] of answers)
    for (const nameOrPath of ['/ops/policy', '/ops/people/'])
      it(`${title}, asked for ${nameOrPath}: ${code} with the repair, never an empty list [G2, T11]`, async () => {
        peer.breakage = { kind: 'answer', status, body, type: 'application/x-amz-json-1.1' };

        const error = await refusalOf(remote().parameters(nameOrPath));

        expect(error.code).to.equal(code);
        expect(error.message)
          .to.match(/^ssm:GetParameter(sByPath)? in eu-west-1/)
          .and.not.contain('s3cr3t');
        expect(error.hint).to.match(hint);
      });

  it('breaks the connection off, or is not there: aws_unreachable [G2, T11]', async () => {
    peer.breakage = { kind: 'reset' };
    const nobody = openRemoteConfig({ region: REGION, endpointUrl: 'http://127.0.0.1:9' });

    const errors = [
      await refusalOf(remote().parameters('/ops/policy')),
      await refusalOf(nobody.parameters('/ops/policy')),
    ];

    for (const { code, message } of errors) {
      expect(code).to.equal('aws_unreachable');
      expect(message).to.match(/failed: \S/);
    }
  });

  it('does not answer: aws_timeout after ten seconds [G2, T11]', async () => {
    peer.breakage = { kind: 'hang' };
    const before = Date.now();

    const error = await refusalOf(remote().parameters('/ops/policy'));

    expect(error.code).to.equal('aws_timeout');
    expect(Date.now() - before).to.be.within(9_000, 13_000);
  });
});

async function refusalOf(refused: Promise<unknown>): Promise<OpsError> {
  const error = await refused.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error instanceof OpsError) return error;
  throw new Error(`it was not refused: ${error}`);
}
