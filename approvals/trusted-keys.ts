import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { asOpsError, OpsError } from '../lib/errors.ts';
import { createKeyFiles, pemOf, publicKeysOf, readPublicKeys, readSigningKey, type Signer } from './checkpoint-keys.ts';

/**
 * The key at `path`, made where there is none yet. One that is there is taken up, so that what broke off can be done again; a public
 * half that is missing beside it is put there.
 *
 * @throws OpsError `config_invalid`
 */
export function makeOrTakeUp(path: string): Signer {
  if (!existsSync(path)) return createKeyFiles(path);
  const signer = readSigningKey(path);
  if (!existsSync(`${path}.pub`)) replaceFile(`${path}.pub`, signer.publicKeyPem);
  return signer;
}

/**
 * Puts public keys into the file that verification trusts, made where there is none. Nothing is taken out of it; the file is replaced
 * in one step, so a reader sees the old one or the new one.
 *
 * @throws OpsError `config_invalid` for a file that holds something else or cannot be written
 */
export function trustKeys(path: string, pems: readonly string[]): void {
  const before = existsSync(path) ? readPublicKeys(path) : new Map();
  const missing = [...publicKeysOf(pems)].filter(([keyId]) => !before.has(keyId));
  if (missing.length === 0) return;
  const text = existsSync(path) ? readFileSync(path, 'utf8').replace(/\n*$/, '\n') : '';
  replaceFile(path, text + missing.map(([, key]) => pemOf(key)).join(''));
}

function replaceFile(path: string, text: string): void {
  const beside = `${path}.${process.pid}.new`;
  try {
    writeFileSync(beside, text, { flag: 'wx', mode: 0o644, flush: true });
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw new OpsError('config_invalid', `${path} cannot be written: ${asOpsError(cause).message}.`, {
      hint: 'Make it and its folder writable; where it is deployed from elsewhere, say this again beside a copy of it.',
      cause,
    });
  }
}
