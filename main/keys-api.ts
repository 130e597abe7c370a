import { newApiKey, ServiceName, ServiceRole } from '../adapters/http/api-keys.ts';
import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';

type Print = (line: string) => void;

/**
 * `opsagent keys api --name NAME [--roles engineer]`: a key for a program. It is shown once and kept nowhere: whoever runs OpsAgent puts
 * the hash into API_KEYS_FILE, so that writing it stays a change that people review.
 *
 * @throws OpsError `config_invalid`
 */
export function makeApiKey(
  { name, roles = 'viewer' }: { name?: string; roles?: string },
  config: Pick<Config, 'API_KEYS_FILE'>,
  print: Print,
): void {
  const named = ServiceName.safeParse(name);
  if (!named.success)
    throw wrong('keys api takes the name of the program', 'a-z, 0-9 and -, a letter first, at most 40');
  const given = ServiceRole.array()
    .min(1)
    .safeParse(roles.split(',').map((role) => role.trim()));
  if (!given.success)
    throw wrong(`--roles is ${roles}`, 'a program is viewer (it reads) or engineer (it proposes too), nothing above');
  const { key, sha256 } = newApiKey();
  const lines = [
    `The key of ${named.data}, for its header X-API-Key. It is not shown again, and OpsAgent keeps only its hash:`,
    '',
    key,
    '',
    config.API_KEYS_FILE === undefined
      ? 'Write this into a YAML file and set API_KEYS_FILE to its path:'
      : `Write this into ${config.API_KEYS_FILE}; it counts a second later:`,
    '',
    `${named.data}:`,
    `  roles: [${given.data.join(', ')}]`,
    '  keys:',
    `    - sha256: ${sha256}`,
    '',
    'To rotate: add the new line beside the old one, give the program the new key, then take the old line out.',
    'expires: 2027-01-31 beside a hash ends that key after this day (UTC).',
  ];
  for (const line of lines) print(line);
}

const wrong = (what: string, use: string): OpsError =>
  new OpsError('config_invalid', `${what}: ${use}.`, { hint: 'Say: opsagent keys api --name NAME --roles engineer' });
