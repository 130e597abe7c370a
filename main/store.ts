import { fixChains } from '../approvals/audit-chains.ts';
import { systemClock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';
import { createLog } from '../lib/log.ts';
import type { Finding, StoreAdmin } from '../store/admin.ts';
import { openStore, openStoreAdmin } from '../store/open.ts';
import { checkStoreFile, rowsOfFile, writeStoreFile } from '../store/store-file.ts';

type Print = (line: string) => void;

/**
 * `opsagent store …`: what is done to the store as a whole, by whoever runs OpsAgent. False: something is not as it should be,
 * and it was printed what.
 *
 * @throws OpsError `config_invalid` for a call that is not one; `input_invalid` for a file that is no export
 */
export async function store(verb: string, values: Values, config: Config, print: Print): Promise<boolean> {
  const chains = verb === 'create' ? chainsOf(values) : undefined;
  const work = workOf(verb, values, print);
  const admin = await openStoreAdmin(config.STORE, config.AWS_REGION);
  try {
    const isDone = await work(admin);
    return isDone && chains !== undefined ? told([await sayChains(config, chains)], print) : isDone;
  } finally {
    await admin.close();
  }
}

interface Values {
  out?: string;
  from?: string;
  /** Of the audit record, in the words of the command line. */
  chains?: string;
}

/** Nothing where none is asked for: then the first start says it. */
function chainsOf({ chains }: Values): number | undefined {
  if (chains === undefined) return undefined;
  if (/^\d+$/.test(chains)) return Number(chains);
  throw new OpsError('config_invalid', '--chains is not a number.', { hint: 'Say: opsagent store create --chains 16' });
}

/** The number stands in the store, and stays: nobody can change it once there are records. */
async function sayChains({ STORE, AWS_REGION, LOG_LEVEL }: Config, wanted: number): Promise<Finding> {
  const store = await openStore(STORE, { clock: systemClock, log: createLog(LOG_LEVEL), region: AWS_REGION });
  try {
    const chains = await fixChains(store, wanted);
    const said = `the audit record has ${chains} ${chains === 1 ? 'chain' : 'chains'}`;
    return chains === wanted ? { ok: true, said } : { ok: false, said: `${said}, and that stays so` };
  } finally {
    await store.close();
  }
}

function workOf(verb: string, { out, from }: Values, print: Print): (admin: StoreAdmin) => Promise<boolean> {
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
