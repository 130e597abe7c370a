import type { PublicKeys, Signer } from '../approvals/checkpoint-keys.ts';
import type { CheckpointPlace } from '../approvals/checkpointer.ts';
import type { CheckpointTarget } from '../lib/audit-config.ts';
import type { Config } from '../lib/config.ts';
import type { RecordAws } from '../tools/aws/record-call.ts';

/** Where checkpoints go, who signs them, and whose signatures count. */
export interface SecondPlace {
  place: CheckpointPlace;
  signer(): Promise<Signer>;
  keys(): Promise<PublicKeys>;
}

type Keys = Pick<
  Config,
  | 'AUDIT_CHECKPOINTS'
  | 'AUDIT_SIGNING_KEY_FILE'
  | 'AUDIT_KMS_KEY_ID'
  | 'AUDIT_PUBLIC_KEYS'
  | 'AWS_REGION'
  | 'AWS_ENDPOINT_URL'
>;

/**
 * Nothing where checkpoints are not set up. A key in KMS is asked for when it is first needed.
 *
 * @throws OpsError `config_invalid` for a key file that cannot be used
 */
export async function openSecondPlace(config: Keys): Promise<SecondPlace | undefined> {
  const { AUDIT_CHECKPOINTS: target, AUDIT_PUBLIC_KEYS: publicKeys } = config;
  if (!target) return undefined;
  const { publicKeysOf, readPublicKeys } = await import('../approvals/checkpoint-keys.ts');
  const others = publicKeys === undefined ? new Map() : readPublicKeys(publicKeys);
  const signer = await openSigner(config);
  return {
    place: await openPlace(target, recordAws(config)),
    signer,
    keys: async () => new Map([...others, ...publicKeysOf([(await signer()).publicKeyPem])]),
  };
}

export function recordAws({ AWS_REGION: region, AWS_ENDPOINT_URL: endpointUrl }: Keys): RecordAws {
  return { region, endpointUrl };
}

async function openSigner(config: Keys): Promise<() => Promise<Signer>> {
  const { AUDIT_SIGNING_KEY_FILE: file, AUDIT_KMS_KEY_ID: keyId = '' } = config;
  const { readSigningKey, signerOf } = await import('../approvals/checkpoint-keys.ts');
  if (file !== undefined) {
    const signer = readSigningKey(file);
    return async () => signer;
  }
  const { openKmsKey } = await import('../tools/aws/record-kms.ts');
  const open = async () => {
    const key = await openKmsKey(keyId, recordAws(config));
    return signerOf(key.publicKeyPem, key.sign);
  };
  let opening: Promise<Signer> | undefined;
  return () => {
    opening ??= open().catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
}

async function openPlace(target: CheckpointTarget, aws: RecordAws): Promise<CheckpointPlace> {
  switch (target.kind) {
    case 'file': {
      const { checkpointFile } = await import('../approvals/checkpoint-file.ts');
      return checkpointFile(target.path);
    }
    case 's3': {
      const { createS3Record } = await import('../tools/aws/record-s3.ts');
      return createS3Record({ ...aws, bucket: target.bucket, prefix: target.prefix });
    }
    case 'logs': {
      const { createLogsRecord } = await import('../tools/aws/record-logs.ts');
      const stream = createLogsRecord({ ...aws, group: target.group, stream: 'opsagent-audit-checkpoints' });
      return { ...stream, write: (_number, line, signal) => stream.append([line], signal) };
    }
  }
}
