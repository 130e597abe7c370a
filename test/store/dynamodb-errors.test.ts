import { expect } from 'chai';
import { cancellationReasons, isPassing, mapDynamodbError, mayBeDone } from '../../store/dynamodb-errors.ts';

/** An error as the SDK throws it. */
const sdkError = (name: string, more: object = {}): Error =>
  Object.assign(new Error(`${name}, says AWS`), { name }, more);

describe('errors of DynamoDB', () => {
  const cases: readonly [aws: string, code: string, end: 'worth another try' | 'may be done' | 'final'][] = [
    ['ProvisionedThroughputExceededException', 'store_unavailable', 'worth another try'],
    ['ThrottlingException', 'store_unavailable', 'worth another try'],
    ['RequestLimitExceeded', 'store_unavailable', 'worth another try'],
    ['TransactionConflictException', 'store_unavailable', 'worth another try'],
    ['TransactionInProgressException', 'store_unavailable', 'may be done'],
    ['InternalServerError', 'store_unavailable', 'may be done'],
    ['TimeoutError', 'store_unavailable', 'may be done'],
    ['AbortError', 'store_unavailable', 'may be done'],
    ['ResourceNotFoundException', 'store_unavailable', 'final'],
    ['AccessDeniedException', 'store_unavailable', 'final'],
    ['UnrecognizedClientException', 'store_unavailable', 'final'],
    ['ExpiredTokenException', 'store_unavailable', 'final'],
    ['CredentialsProviderError', 'store_unavailable', 'final'],
    ['ValidationException', 'internal', 'final'],
  ];
  for (const [aws, code, end] of cases) {
    it(`${aws} becomes ${code}: ${end}`, () => {
      const thrown = sdkError(aws);

      const mapped = mapDynamodbError(thrown, 'ops');

      expect([mapped.code, mapped.retryable]).to.deep.equal([code, end !== 'final']);
      expect([isPassing(thrown), mayBeDone(thrown)]).to.deep.equal([end !== 'final', end === 'may be done']);
      expect(mapped.cause).to.equal(thrown);
      expect(mapped.message).to.include('ops');
      expect(mapped.hint).not.to.equal('');
    });
  }

  it('takes a cancelled transaction for the first of its reasons that is one', () => {
    const reasons = [{ Code: 'None' }, { Code: 'ThrottlingError' }, { Code: 'TransactionConflict' }];
    const thrown = sdkError('TransactionCanceledException', { CancellationReasons: reasons });

    const mapped = mapDynamodbError(thrown, 'ops');

    expect([mapped.message, mapped.facts]).to.deep.equal([
      'DynamoDB throttles the table (ops)',
      { aws: 'ThrottlingError' },
    ]);
    expect(cancellationReasons(thrown)).to.equal(reasons);
  });

  it('goes by the status of an error whose name it does not know, and takes an error of the network for silence', () => {
    const thrown = [
      sdkError('Weather', { $metadata: { httpStatusCode: 503 } }),
      sdkError('Weather', { $metadata: { httpStatusCode: 413 } }),
      sdkError('Error', { code: 'ECONNRESET', syscall: 'read' }),
      sdkError('TypeError'),
    ];

    const mapped = thrown.map((one) => [mapDynamodbError(one, 'ops').code, isPassing(one), mayBeDone(one)]);

    expect(mapped).to.deep.equal([
      ['store_unavailable', true, true],
      ['internal', false, false],
      ['store_unavailable', true, true],
      ['internal', false, false],
    ]);
  });
});
