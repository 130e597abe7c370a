import { expect } from 'chai';
import fc from 'fast-check';
import { OpsError } from '../../../lib/errors.ts';
import { expectDryRun, type FailedCall, mapAwsError, mayHaveBeenApplied } from '../../../tools/aws/errors.ts';

const reboot: FailedCall = { service: 'ec2', operation: 'rebootInstances', access: 'write', region: 'eu-west-1' };
const describeHealth: FailedCall = {
  service: 'elbv2',
  operation: 'describeTargetHealth',
  access: 'read',
  region: 'us-east-1',
};

/** An error as the SDK throws it for what a service said. */
function said(name: string, httpStatusCode: number, message = 'words of AWS'): Error {
  const $fault = httpStatusCode < 500 ? 'client' : 'server';
  return Object.assign(new Error(message), { name, $fault, $metadata: { httpStatusCode, requestId: 'req-7' } });
}

const socket = (code: string, syscall = 'read') => Object.assign(new Error('socket'), { code, syscall });

describe('the AWS error map', () => {
  const table: [what: string, thrown: unknown, code: string, applied: 'no' | 'maybe'][] = [
    ['a denial', said('UnauthorizedOperation', 403), 'aws_access_denied', 'no'],
    ['a denial of another service', said('AccessDeniedException', 400), 'aws_access_denied', 'no'],
    ['an unknown id', said('InvalidInstanceID.NotFound', 400), 'aws_not_found', 'no'],
    ['an unknown cluster', said('ClusterNotFoundException', 400), 'aws_not_found', 'no'],
    ['a malformed id', said('InvalidInstanceID.Malformed', 400), 'aws_invalid', 'no'],
    ['a validation error', said('ValidationError', 400), 'aws_invalid', 'no'],
    ['throttling', said('ThrottlingException', 400), 'aws_throttled', 'no'],
    ["EC2's throttling with status 503", said('RequestLimitExceeded', 503), 'aws_throttled', 'no'],
    ['status 429 of anyone', said('Unknown', 429), 'aws_throttled', 'no'],
    ['expired credentials', said('ExpiredTokenException', 400), 'aws_credentials', 'no'],
    ['no credentials', Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), 'aws_credentials', 'no'],
    ['a wrong clock', said('RequestTimeTooSkewed', 403), 'aws_credentials', 'no'],
    ['a refused connection', socket('ECONNREFUSED', 'connect'), 'aws_unreachable', 'no'],
    ['a name without address', socket('ENOTFOUND', 'getaddrinfo'), 'aws_unreachable', 'no'],
    ['a connection that never stood', socket('ETIMEDOUT', 'connect'), 'aws_unreachable', 'no'],
    ['a certificate that is too old', socket('CERT_HAS_EXPIRED', ''), 'aws_unreachable', 'no'],
    ['a reset', socket('ECONNRESET'), 'aws_unreachable', 'maybe'],
    [
      'a reset under the name the SDK gives it',
      Object.assign(socket('ECONNRESET'), { name: 'TimeoutError' }),
      'aws_unreachable',
      'maybe',
    ],
    ['a broken pipe', socket('EPIPE', 'write'), 'aws_unreachable', 'maybe'],
    ['an abort', Object.assign(new Error('aborted'), { name: 'AbortError' }), 'aws_timeout', 'maybe'],
    ['a time-out', new DOMException('late', 'TimeoutError'), 'aws_timeout', 'maybe'],
    ['status 408', said('RequestTimeout', 408), 'aws_timeout', 'maybe'],
    ['an internal error', said('InternalError', 500), 'aws_error', 'maybe'],
    ['an overload', said('ServiceUnavailable', 503), 'aws_error', 'maybe'],
    ["a proxy's page with status 403", said('Unknown', 403, 'Forbidden'), 'aws_error', 'maybe'],
    ['an answer that is no JSON', new SyntaxError('Unexpected token <'), 'aws_error', 'maybe'],
    ['a text instead of an error', 'boom', 'aws_error', 'maybe'],
    ['nothing', undefined, 'aws_error', 'maybe'],
  ];

  for (const [what, thrown, code, applied] of table) {
    it(`maps ${what} to ${code}, applied: ${applied} [T11]`, () => {
      const error = mapAwsError(thrown, reboot);

      expect(error).to.be.instanceOf(OpsError);
      expect(error.code).to.equal(code);
      expect(error.message).to.match(/^ec2:RebootInstances in eu-west-1/);
      expect(error.facts).to.include({ operation: 'ec2:RebootInstances', sent: applied });
      expect(mayHaveBeenApplied(error)).to.equal(applied === 'maybe');
      expect(error.message.includes('It is not known whether the change was made')).to.equal(applied === 'maybe');
    });
  }

  it('says which IAM action to allow and which tag may be missing [T11]', () => {
    const { hint } = mapAwsError(said('UnauthorizedOperation', 403), reboot);

    expect(hint).to.include('Allow ec2:RebootInstances').and.include('OpsAgentManaged=true');
  });

  it("names a load balancer's action as IAM does [T11]", () => {
    const { hint, message } = mapAwsError(said('AccessDenied', 403), describeHealth);

    expect(message).to.match(/^elasticloadbalancing:DescribeTargetHealth in us-east-1/);
    expect(hint).to.include('Allow elasticloadbalancing:DescribeTargetHealth').and.not.include('tag');
  });

  it('keeps the AWS code, the request id and the status as facts [T11]', () => {
    const thrown = Object.assign(said('TargetGroupNotFoundException', 400), { Code: 'TargetGroupNotFound' });

    const { facts } = mapAwsError(thrown, describeHealth);

    expect(facts).to.include({ aws_code: 'TargetGroupNotFound', request_id: 'req-7', http_status: 400 });
  });

  it('waits as long as AWS asks, and five seconds when the number is absurd [T11]', () => {
    const asked = (wait: string) =>
      mapAwsError(
        Object.assign(said('Throttling', 400), { $response: { statusCode: 400, headers: { 'retry-after': wait } } }),
        describeHealth,
      ).hint;

    expect(asked('17')).to.include('Wait 17 seconds');
    expect(asked('999999')).to.include('Wait 5 seconds');
    expect(asked('soon')).to.include('Wait 5 seconds');
  });

  it('tells a person with a wrong clock to set it, and anyone else to sign in again [T11]', () => {
    expect(mapAwsError(said('RequestExpired', 400), reboot).hint).to.include('clock');
    expect(mapAwsError(said('ExpiredToken', 400), reboot).hint).to.include('Sign in again');
  });

  it('leaves out the encoded part of a denial and everything a reader cannot see [T11]', () => {
    const words = `You are not\u202e allowed.\u0000 Encoded authorization failure message: ${'x'.repeat(4000)}`;

    const { message } = mapAwsError(said('UnauthorizedOperation', 403, words), reboot);

    expect(message).to.equal('ec2:RebootInstances in eu-west-1 failed: You are not allowed.');
  });

  it('lets an error of the house pass through unchanged', () => {
    const error = new OpsError('store_unavailable', 'locked', { hint: 'wait' });

    expect(mapAwsError(error, reboot)).to.equal(error);
  });

  it('takes any error it does not know for one that may have changed something', () => {
    expect(mayHaveBeenApplied(new Error('what?'))).to.equal(true);
    expect(mayHaveBeenApplied(new OpsError('internal', 'what?', { hint: '' }))).to.equal(true);
    expect(mayHaveBeenApplied(new OpsError('write_without_permit', 'no', { hint: '' }))).to.equal(false);
  });

  it('maps whatever is thrown, with a short message and a hint [T11]', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (thrown, message) => {
        for (const one of [thrown, Object.assign(new Error(message), { name: message, code: message })]) {
          const error = mapAwsError(one, reboot);

          expect(error.code).to.match(/^aws_/);
          expect(error.hint).to.not.equal('');
          expect(error.message.length).to.be.below(600);
        }
      }),
    );
  });
});

describe('a dry run', () => {
  it('counts as passed when AWS says it would have succeeded', async () => {
    await expectDryRun(Promise.reject(mapAwsError(said('DryRunOperation', 412), reboot)));
  });

  it('fails with the denial when AWS says it would not', async () => {
    const denied = mapAwsError(said('UnauthorizedOperation', 403), reboot);

    const error = await expectDryRun(Promise.reject(denied)).catch((thrown: unknown) => thrown);

    expect(error).to.equal(denied);
  });
});
