import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { expect } from 'chai';
import { asOpsError } from '../../../lib/errors.ts';
import { openKmsKey } from '../../../tools/aws/record-kms.ts';
import { type Answer, type Asked, jsonAnswer, type PlayedAws, playedAws } from '../../peers/played-aws.ts';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

interface Keys {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

/** KMS with one key, which like the real one takes no message for a digest. */
function kms({ publicKey, privateKey }: Keys, algorithms: readonly string[]): (asked: Asked) => Answer {
  const PublicKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const hash = privateKey.asymmetricKeyType === 'ec' ? 'sha256' : null;
  return ({ operation, body }) => {
    if (operation === 'GetPublicKey')
      return jsonAnswer({ KeyId: KEY_ARN, PublicKey, SigningAlgorithms: algorithms, KeyUsage: 'SIGN_VERIFY' });
    const { Message, MessageType } = JSON.parse(body);
    const bytes = Buffer.from(Message, 'base64');
    if (MessageType !== 'RAW' && bytes.length !== 32)
      return jsonAnswer({ __type: 'ValidationException', message: 'Digest is invalid length.' }, 400);
    return jsonAnswer({ KeyId: KEY_ARN, Signature: sign(hash, bytes, privateKey).toString('base64') });
  };
}

describe('a key of KMS that signs checkpoints', () => {
  let aws: PlayedAws;

  afterEach(() => aws.stop());

  const where = () => ({ region: 'eu-west-1', endpointUrl: aws.url });

  for (const [spec, keys, offered, algorithm, hash] of [
    [
      'ECC_NIST_EDWARDS25519',
      generateKeyPairSync('ed25519'),
      ['ED25519_PH_SHA_512', 'ED25519_SHA_512'],
      'ED25519_SHA_512',
      null,
    ],
    [
      'ECC_NIST_P256',
      generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
      ['ECDSA_SHA_256'],
      'ECDSA_SHA_256',
      'sha256',
    ],
  ] as const)
    it(`of the spec ${spec} is asked for ${algorithm} over the message itself, by the ARN that its alias led to [A2]`, async () => {
      aws = await playedAws(kms(keys, offered));
      const message = Buffer.from('a checkpoint, longer than any digest '.repeat(60));

      const key = await openKmsKey('alias/audit', where());
      const signature = await key.sign(message);

      expect(aws.asked.map(({ operation, body }) => [operation, JSON.parse(body)])).to.deep.equal([
        ['GetPublicKey', { KeyId: 'alias/audit' }],
        [
          'Sign',
          {
            KeyId: KEY_ARN,
            Message: message.toString('base64'),
            MessageType: 'RAW',
            SigningAlgorithm: algorithm,
          },
        ],
      ]);
      expect(verify(hash, message, key.publicKeyPem, signature)).to.equal(true);
    });

  it('is refused when KMS does not sign messages with it as checkpoints are signed [A2]', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    aws = await playedAws(kms(rsa, ['RSASSA_PSS_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_256']));

    const error = await openKmsKey('alias/audit', where()).catch(asOpsError);

    expect(error).to.include({ code: 'config_invalid' });
    expect(error).to.have.property('message').that.includes('RSASSA_PSS_SHA_256');
    expect(aws.asked.map(({ operation }) => operation)).to.deep.equal(['GetPublicKey']);
  });
});
