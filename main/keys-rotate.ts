import { makeOrTakeUp, trustKeys } from '../approvals/trusted-keys.ts';
import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import { openSecondPlace } from './second-place.ts';

type Print = (line: string) => void;

/**
 * `opsagent keys rotate --out FILE`: makes the next key for audit checkpoints and trusts it beside the present one. What runs goes on
 * with the present key until it is restarted with the new setting. May be said again after it broke off.
 *
 * @throws OpsError `config_invalid`; `aws_*` when KMS does not answer
 */
export async function rotateKeys(config: Config, out: string, print: Print): Promise<void> {
  const second = await openSecondPlace(config);
  if (!second)
    throw new OpsError('config_invalid', 'No key signs audit checkpoints here: AUDIT_CHECKPOINTS is not set.', {
      hint: 'Nothing is to be rotated. opsagent keys create --out FILE makes a first key.',
    });
  const present = await second.signer();
  const trusted = config.AUDIT_PUBLIC_KEYS ?? `${out}.trusted`;
  if (config.AUDIT_KMS_KEY_ID !== undefined) {
    trustKeys(trusted, [present.publicKeyPem]);
    for (const line of kmsSteps(config, trusted)) print(line);
    return;
  }
  const next = makeOrTakeUp(out);
  if (next.keyId === present.keyId)
    throw new OpsError('config_invalid', `${out} is the key that signs now.`, {
      hint: 'Name another file; after a restart with the new setting this rotation is over.',
    });
  // Trusted before anything can sign with it.
  trustKeys(trusted, [present.publicKeyPem, next.publicKeyPem]);
  print(`The next key is ${next.keyId}, in ${out}; the present one is ${present.keyId}.`);
  print(`${trusted} holds the public halves of both; what the present key signed stays good.`);
  print('');
  for (const line of fileSteps(config, out, trusted)) print(line);
}

/** What to set where; a key that is a reference is set where it leads. */
function settings({ references }: Config, values: Record<string, string>): string[] {
  return Object.entries(values).map(([key, value]) => {
    const reference = references[key];
    return reference === undefined ? `   ${key}=${value}` : `   ${key} is kept at ${reference}: put ${value} there`;
  });
}

const fileSteps = (config: Config, out: string, trusted: string): string[] => [
  '1. Bring both files to every machine that runs OpsAgent, the key readable by its user alone, and set:',
  ...settings(config, { AUDIT_SIGNING_KEY_FILE: out, AUDIT_PUBLIC_KEYS: trusted }),
  '2. Restart one process after the other. Until then each signs with the present key, which is no fault.',
  '3. See that old and new checkpoints verify: opsagent audit verify',
  `4. Then destroy ${config.AUDIT_SIGNING_KEY_FILE}; its public half stays where it is trusted.`,
  ...TOKENS,
];

const kmsSteps = (config: Config, trusted: string): string[] => [
  `${trusted} holds the public half of ${config.AUDIT_KMS_KEY_ID}: what it signed stays good. A key in KMS is made in KMS:`,
  '',
  '1. aws kms create-key --key-usage SIGN_VERIFY --key-spec ECC_NIST_EDWARDS25519, with the grants of the present one; set:',
  ...settings(config, { AUDIT_KMS_KEY_ID: '<its ARN>', AUDIT_PUBLIC_KEYS: trusted }),
  '   Or let the alias lead to it: what runs goes on with the key it found at its start.',
  '2. Restart one process after the other.',
  '3. With the new setting: opsagent audit verify',
  '4. Then disable the old key. Do not delete it before its public half is kept somewhere else than in KMS.',
  ...TOKENS,
];

const TOKENS = ['', 'Approval tokens are random and signed by no key: those that wait stay good until they expire.'];
