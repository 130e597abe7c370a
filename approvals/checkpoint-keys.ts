import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { linkSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { asOpsError, OpsError } from '../lib/errors.ts';
import { type Checkpoint, signedBytes } from './checkpoint.ts';

export interface Signer {
  /** SHA-256 over the public key (SPKI, DER), in hex. */
  readonly keyId: string;
  readonly publicKeyPem: string;
  sign(bytes: Buffer): Promise<Buffer>;
}

/** Key id → public key. */
export type PublicKeys = ReadonlyMap<string, KeyObject>;

export function signerOf(publicKeyPem: string, signBytes: (bytes: Buffer) => Promise<Buffer>): Signer {
  const key = createPublicKey(publicKeyPem);
  requireKnownType(key);
  return { keyId: keyIdOf(key), publicKeyPem: pemOf(key), sign: signBytes };
}

/** @throws OpsError `config_invalid` for a file that is no private key, or that everybody on the machine may read */
export function readSigningKey(path: string): Signer {
  if (statSync(path).mode & 0o007)
    throw unusable(path, 'everybody on this machine may read it', `Say: chmod 600 ${path}`);
  try {
    const key = createPrivateKey(readFileSync(path));
    return signerOf(pemOf(createPublicKey(key)), async (bytes) => sign(hashOf(key), bytes, key));
  } catch (cause) {
    throw unusable(path, asOpsError(cause).message, 'opsagent keys create --out <path> makes a key.', cause);
  }
}

/** One public key or several, one after the other, as PEM. @throws OpsError `config_invalid` */
export function readPublicKeys(path: string): PublicKeys {
  try {
    return publicKeysOf(readFileSync(path, 'utf8').match(/-----BEGIN [\s\S]+?-----END [^-]+-----/g) ?? []);
  } catch (cause) {
    throw unusable(path, asOpsError(cause).message, 'Put public keys there, one PEM block after the other.', cause);
  }
}

export function publicKeysOf(pems: readonly string[]): PublicKeys {
  const keys = pems.map((pem) => createPublicKey(pem));
  for (const key of keys) requireKnownType(key);
  return new Map(keys.map((key) => [keyIdOf(key), key]));
}

export const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

/** Whether one of `keys` signed it, and signed exactly this. */
export function signatureFault(checkpoint: Checkpoint, keys: PublicKeys): string | undefined {
  const key = keys.get(checkpoint.key);
  if (!key) return `is signed by a key that is not trusted (${checkpoint.key.slice(0, 16)})`;
  const good = verify(hashOf(key), signedBytes(checkpoint), key, Buffer.from(checkpoint.signature, 'base64'));
  return good ? undefined : 'does not carry the signature of its key';
}

/**
 * A new Ed25519 key: the private half (PKCS8, for its owner only) at `path`, the public half at `<path>.pub`.
 *
 * @throws OpsError `config_invalid` when either file is there already: a key is never written over
 */
export function createKeyFiles(path: string): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  try {
    writeWhole(path, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(`${path}.pub`, pemOf(publicKey), { flag: 'wx', mode: 0o644 });
  } catch (cause) {
    throw unusable(path, asOpsError(cause).message, 'Name a file that is not there yet, in a folder that is.', cause);
  }
  return readSigningKey(path);
}

/** All of it or nothing, and never over a file that is there. */
function writeWhole(path: string, text: string | Buffer): void {
  const beside = `${path}.${process.pid}.new`;
  writeFileSync(beside, text, { flag: 'wx', mode: 0o600, flush: true });
  try {
    linkSync(beside, path);
  } finally {
    unlinkSync(beside);
  }
}

function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** Ed25519 hashes by itself; ECDSA on P-256 takes SHA-256. */
function hashOf(key: KeyObject): 'sha256' | null {
  return key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
}

function requireKnownType({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): void {
  if (type === 'ed25519' || (type === 'ec' && details?.namedCurve === 'prime256v1')) return;
  throw new OpsError('config_invalid', `a checkpoint is signed with Ed25519 or ECDSA on P-256, not ${type}`, {
    hint: 'opsagent keys create makes a key.',
  });
}

function unusable(path: string, because: string, hint: string, cause?: unknown): OpsError {
  return new OpsError('config_invalid', `The key file ${path} cannot be used: ${because}.`, { hint, cause });
}
