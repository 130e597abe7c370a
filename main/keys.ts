import { createKeyFiles } from '../approvals/checkpoint-keys.ts';
import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import { makeApiKey } from './keys-api.ts';
import { rotateKeys } from './keys-rotate.ts';

type Print = (line: string) => void;

interface Values {
  out?: string;
  name?: string;
  roles?: string;
}

/** `opsagent keys create|rotate --out FILE`: the key that signs audit checkpoints; `keys api`: a program's. @throws OpsError `config_invalid` */
export async function keys(verb: string, values: Values, config: Config, print: Print): Promise<void> {
  if (verb === 'api') return makeApiKey(values, config, print);
  const { out } = values;
  if (!out || (verb !== 'create' && verb !== 'rotate'))
    throw new OpsError('config_invalid', 'keys takes create or rotate and the file to make, or api and a name.', {
      hint: 'Say: opsagent keys create --out FILE, opsagent keys rotate --out FILE, or opsagent keys api --name NAME',
    });
  if (verb === 'rotate') return rotateKeys(config, out, print);
  const { keyId } = createKeyFiles(out);
  print(`${out} signs (AUDIT_SIGNING_KEY_FILE); keep it where the store is not.`);
  print(`${out}.pub checks (AUDIT_PUBLIC_KEYS); give it to whoever verifies.`);
  print(`Key id ${keyId}`);
}
