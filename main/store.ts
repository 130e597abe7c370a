import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import type { Finding, StoreAdmin } from '../store/admin.ts';
import { openStoreAdmin } from '../store/open.ts';
import { checkStoreFile, rowsOfFile, writeStoreFile } from '../store/store-file.ts';

type Print = (line: string) => void;

/**
 * `opsagent store …`: what is done to the store as a whole, by whoever runs OpsAgent. False: something is not as it should be,
 * and it was printed what.
 *
 * @throws OpsError `config_invalid` for a call that is not one; `input_invalid` for a file that is no export
 */
export async function store(
  verb: string,
  files: { out?: string; from?: string },
  config: Config,
  print: Print,
): Promise<boolean> {
  const work = workOf(verb, files, print);
  const admin = await openStoreAdmin(config.STORE, config.AWS_REGION);
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

function workOf(
  verb: string,
  { out, from }: { out?: string; from?: string },
  print: Print,
): (admin: StoreAdmin) => Promise<boolean> {
  switch (verb) {
    case 'create':
    case 'check':
    case 'migrate':
      return async (admin) => told(await admin[verb](), print);
    case 'export': {
      const file = named(out, 'export --out FILE');
      return async (admin) => {
        const rows = await writeStoreFile(file, admin.rows());
        print(
          `${rows} rows were written to ${file}. What was changed meanwhile may be missing: stop OpsAgent before an export that is to be used.`,
        );
        return true;
      };
    }
    case 'import': {
      const file = named(from, 'import --from FILE');
      return async (admin) => {
        const rows = await checkStoreFile(file);
        await admin.assertEmpty();
        await admin.load(rowsOfFile(file));
        print(`${rows} rows were imported. See that the record is whole: opsagent audit verify`);
        return true;
      };
    }
    default:
      throw new OpsError('config_invalid', `There is no verb "store ${verb}".`, {
        hint: 'Use opsagent store create, check, migrate, export or import.',
      });
  }
}

function told(findings: readonly Finding[], print: Print): boolean {
  for (const { ok, said } of findings) print(`${ok ? '✓' : '✕'} ${said}`);
  return findings.every(({ ok }) => ok);
}

function named(file: string | undefined, call: string): string {
  if (file) return file;
  throw new OpsError('config_invalid', 'No file is named.', { hint: `Call it like this: opsagent store ${call}` });
}
