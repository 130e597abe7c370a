import { expect } from 'chai';
import { mayHaveBeenApplied } from '../../../tools/aws/errors.ts';
import { createLiveAws } from '../../../tools/aws/live.ts';
import { mintPermit } from '../../../tools/aws/permit.ts';
import { type Breakage, type BrokenAws, brokenAws, ec2Error } from '../../peers/broken-aws.ts';

const request = { correlationId: 'c-1', signal: new AbortController().signal };
const PAGE = '<!doctype html><html><body>Sign in to the network</body></html>';
const html = (status: number): Breakage => ({ kind: 'answer', status, body: PAGE, type: 'text/html' });
const thrownBy = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('AWS on a bad day', () => {
  let aws: BrokenAws;

  before(async () => {
    process.env.AWS_ACCESS_KEY_ID = 'testing';
    process.env.AWS_SECRET_ACCESS_KEY = 'testing';
    aws = await brokenAws();
  });

  beforeEach(() => {
    aws.requests = 0;
  });

  after(async () => {
    await aws.stop();
  });

  const live = (url = aws.url, deadlineMs = 5_000) =>
    createLiveAws({
      mode: 'SANDBOX_LIVE',
      defaultRegion: 'eu-west-1',
      endpointUrl: url,
      deadlines: { readMs: deadlineMs, writeMs: deadlineMs },
    });

  async function reboot(deadlineMs?: number): Promise<unknown> {
    const scope = await live(aws.url, deadlineMs).open({ ...request, permit: mintPermit('chg-1', 1, () => true) });
    return thrownBy((await scope.client('ec2')).rebootInstances({ InstanceIds: ['i-0bad5eed2c0ffee02'] }));
  }

  async function read(deadlineMs?: number): Promise<unknown> {
    const scope = await live(aws.url, deadlineMs).open(request);
    return thrownBy((await scope.client('ec2')).describeInstances({}));
  }

  const table: [what: string, breakage: Breakage, code: string, applied: boolean][] = [
    ['an overload', ec2Error(503, 'ServiceUnavailable', 'busy'), 'aws_error', true],
    ['an internal error', ec2Error(500, 'InternalError', 'oops'), 'aws_error', true],
    ['a reset after the request', { kind: 'reset' }, 'aws_unreachable', true],
    ["a proxy's page with status 502", html(502), 'aws_error', true],
    ["a proxy's page with status 403", html(403), 'aws_error', true],
    ["a proxy's page with status 200", html(200), 'aws_error', true],
    ['an empty success', { kind: 'answer', status: 200, body: '' }, 'aws_error', true],
    ['half an answer', { kind: 'answer', status: 200, body: '<RebootInstancesResponse><ret' }, 'aws_error', true],
    ['throttling', ec2Error(503, 'RequestLimitExceeded', 'Request limit exceeded.'), 'aws_throttled', false],
    ['a denial', ec2Error(403, 'UnauthorizedOperation', 'You are not authorized.'), 'aws_access_denied', false],
    ['expired credentials', ec2Error(400, 'ExpiredToken', 'The token has expired.'), 'aws_credentials', false],
    ['an unknown id', ec2Error(400, 'InvalidInstanceID.NotFound', 'It does not exist'), 'aws_not_found', false],
  ];

  for (const [what, breakage, code, applied] of table) {
    it(`sends a reboot once and never again after ${what} [G10, T11]`, async () => {
      aws.breakage = breakage;

      const error = await reboot();

      expect(error).to.include({ code });
      expect(mayHaveBeenApplied(error)).to.equal(applied);
      expect(aws.requests).to.equal(1);
    });
  }

  it('leaves a reboot without answer at the deadline, sent once [G10, T11]', async () => {
    aws.breakage = { kind: 'hang' };

    const error = await reboot(300);

    expect(error).to.include({ code: 'aws_timeout' });
    expect(mayHaveBeenApplied(error)).to.equal(true);
    expect(aws.requests).to.equal(1);
  });

  it('sends a reboot once whatever number of attempts the environment asks for [G10]', async () => {
    process.env.AWS_MAX_ATTEMPTS = '5';
    aws.breakage = ec2Error(503, 'ServiceUnavailable', 'busy');

    await reboot().finally(() => delete process.env.AWS_MAX_ATTEMPTS);

    expect(aws.requests).to.equal(1);
  });

  it('sends a reboot once also after reads in the same scope [G10]', async () => {
    aws.breakage = ec2Error(503, 'ServiceUnavailable', 'busy');
    const scope = await live().open({ ...request, permit: mintPermit('chg-1', 1, () => true) });
    const ec2 = await scope.client('ec2');
    await thrownBy(ec2.describeInstances({}));
    aws.requests = 0;

    await thrownBy(ec2.rebootInstances({ InstanceIds: ['i-0bad5eed2c0ffee02'] }));

    expect(aws.requests).to.equal(1);
  });

  it('names the turn in each request, whoever shares the client [A1]', async () => {
    aws.breakage = ec2Error(400, 'InvalidParameterValue', 'no');
    const provider = live();
    const ask = async (correlationId: string) => {
      const scope = await provider.open({ ...request, correlationId });
      await thrownBy((await scope.client('ec2')).describeInstances({}));
      return aws.userAgent;
    };

    const agents = [await ask('turn-one'), await ask('turn-two')];

    expect(agents[0]).to.match(/ opsagent\/turn-one$/);
    expect(agents[1]).to.match(/ opsagent\/turn-two$/);
  });

  it('tries a read three times before it gives up [T11]', async () => {
    aws.breakage = ec2Error(503, 'ServiceUnavailable', 'busy');

    const error = await read();

    expect(error).to.include({ code: 'aws_error', retryable: true });
    expect(aws.requests).to.equal(3);
  });

  it('does not repeat a read that was refused [T11]', async () => {
    aws.breakage = ec2Error(403, 'UnauthorizedOperation', 'You are not authorized.');

    const error = await read();

    expect(error).to.include({ code: 'aws_access_denied' });
    expect(error).to.have.nested.include({ 'facts.aws_code': 'UnauthorizedOperation', 'facts.request_id': 'req-1' });
    expect(aws.requests).to.equal(1);
  });

  it('does not take an empty page for an account without instances [T11]', async () => {
    aws.breakage = { kind: 'answer', status: 200, body: '' };

    expect(await read()).to.include({ code: 'aws_error' });
  });

  it('gives a read up at its deadline [T11]', async () => {
    aws.breakage = { kind: 'hang' };

    expect(await read(300)).to.include({ code: 'aws_timeout' });
  });

  it('says that nobody is there when the port is closed, and asks again next time [T11]', async () => {
    const away = await brokenAws();
    await away.stop();
    const provider = live(away.url);

    const first = await thrownBy(provider.open(request));
    const second = await thrownBy(provider.open(request));

    expect(first).to.include({ code: 'aws_unreachable' });
    expect(second).to.include({ code: 'aws_unreachable' }).and.not.equal(first);
    expect(mayHaveBeenApplied(first)).to.equal(false);
  });
});
