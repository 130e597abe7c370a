import { createKeyFiles } from '../approvals/checkpoint-keys.ts';
import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import { rotateKeys } from './keys-rotate.ts';

type Print = (line: string) => void;

/** `opsagent keys create|rotate --out FILE`: the Ed25519 key that signs audit checkpoints. @throws OpsError `config_invalid` */
export async function keys(verb: string, out: string | undefined, config: Config, print: Print): Promise<void> {
  if (!out || (verb !== 'create' && verb !== 'rotate'))
    throw new OpsError('config_invalid', 'keys takes create or rotate, and the file to make.', {
      hint: 'Say: opsagent keys create --out FILE, or opsagent keys rotate --out FILE',
    });
  if (verb === 'rotate') return rotateKeys(config, out, print);
  const { keyId } = createKeyFiles(out);
  print(`${out} signs (AUDIT_SIGNING_KEY_FILE); keep it where the store is not.`);
  print(`${out}.pub checks (AUDIT_PUBLIC_KEYS); give it to whoever verifies.`);
  print(`Key id ${keyId}`);
}
