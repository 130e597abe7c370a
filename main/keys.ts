import { createKeyFiles } from '../approvals/checkpoint-keys.ts';
import { OpsError } from '../lib/errors.ts';

/** `opsagent keys create --out FILE`: an Ed25519 key that signs audit checkpoints. @throws OpsError `config_invalid` */
export function keys(verb: string, out: string | undefined, print: (line: string) => void): void {
  if (verb !== 'create' || !out)
    throw new OpsError('config_invalid', 'keys takes create, and the file to make.', {
      hint: 'Say: opsagent keys create --out FILE',
    });
  const { keyId } = createKeyFiles(out);
  print(`${out} signs (AUDIT_SIGNING_KEY_FILE); keep it where the store is not.`);
  print(`${out}.pub checks (AUDIT_PUBLIC_KEYS); give it to whoever verifies.`);
  print(`Key id ${keyId}`);
}
