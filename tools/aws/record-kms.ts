import { createPublicKey } from 'node:crypto';
import { OpsError } from '../../lib/errors.ts';
import { type RecordAws, recordClient } from './record-call.ts';

export interface KmsKey {
  /** SPKI, PEM. */
  publicKeyPem: string;
  sign(bytes: Buffer): Promise<Buffer>;
}

/** How KMS signs raw messages up to 4,096 bytes, best first. */
const ALGORITHMS = ['ED25519_SHA_512', 'ECDSA_SHA_256'] as const;

/**
 * A key that never leaves KMS. Needs `kms:GetPublicKey` and `kms:Sign`.
 *
 * @throws OpsError `config_invalid` for a key of another kind, `aws_*` when KMS does not answer
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export async function openKmsKey(keyId: string, where: RecordAws): Promise<KmsKey> {
  const { call } = recordClient('kms', where, async (config) => new (await import('@aws-sdk/client-kms')).KMS(config));
  const {
    PublicKey,
    SigningAlgorithms = [],
    KeyId = keyId,
  } = await call('getPublicKey', (kms) => kms.getPublicKey({ KeyId: keyId }));
  const algorithm = ALGORITHMS.find((one) => SigningAlgorithms.includes(one));
  if (!PublicKey || !algorithm) {
    throw new OpsError('config_invalid', `AUDIT_KMS_KEY_ID is a key that signs with ${SigningAlgorithms.join(', ')}`, {
      hint: 'Use a KMS key for signing with the spec ECC_NIST_EDWARDS25519 or ECC_NIST_P256.',
    });
  }
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  return {
    publicKeyPem: key.export({ type: 'spki', format: 'pem' }).toString(),
    async sign(bytes) {
      // The key that was asked, should an alias lead elsewhere by now.
      const request = { KeyId, Message: bytes, MessageType: 'RAW' as const, SigningAlgorithm: algorithm };
      const { Signature } = await call('sign', (kms) => kms.sign(request));
      if (Signature) return Buffer.from(Signature);
      throw new OpsError('aws_error', 'kms:Sign gave no signature.', {
        hint: 'Check AWS_ENDPOINT_URL: it may not lead to AWS.',
      });
    },
  };
}
