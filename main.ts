#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { parseArgs } from 'node:util';
import { type Config, readConfig, readVersion } from './lib/config.ts';
import { asOpsError, OpsError } from './lib/errors.ts';

const USAGE = `opsagent <verb>

  serve                             the web console, and the work that goes on (what npm start runs)
  chat [--as EMAIL]                 talk in this terminal
  ask [--as EMAIL] [--conversation ID] [--json] "text"
                                    one turn, one answer
  audit verify [--json]             walk the audit chain, check its checkpoints; exit 1 when a record is bad
  audit export [--from WHEN] [--to WHEN] --out FILE
                                    records and the checkpoints around them, for somebody else to check
  audit verify --file FILE          check such an export alone
  keys create --out FILE            a key that signs audit checkpoints
  keys rotate --out FILE            the next one, trusted beside the present one, and what to do then
  keys api --name NAME [--roles engineer]
                                    a key for a program, shown once, and the lines for API_KEYS_FILE
  readiness [--json]                checks what a start needs and changes nothing; exit 1 when something is missing
  smoke [--url URL] [--read-only]   asks a running server whether it works; exit 1 when it does not
  store create | check | migrate    makes the store, looks whether it is sound, brings it to the present form
  store create --chains N           with an audit record of N chains, 1 to 16
  store export --out FILE           every row as a JSON line, for an import into a store of either kind
  store import --from FILE          such a file into an empty store
  backup --out FILE                 a checked copy of the SQLite store, while it is in use
  restore --from FILE               puts a backup where the store is missing or empty
  report NAME [--window 7d] [--as EMAIL] [--json]
                                    access, operations, approvals, decisions, tags or keys; exit 1 without one
  usage [--days N] [--json]         who used the language model, and what it cost
  manifests [--out DIR] [--socket-mode]
                                    what Slack, Teams, Amazon Q and IAM are set up with, in data/manifests`;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const complain = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const OPTIONS = {
  as: { type: 'string' },
  conversation: { type: 'string' },
  json: { type: 'boolean', default: false },
  'no-color': { type: 'boolean', default: false },
  days: { type: 'string' },
  window: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  file: { type: 'string' },
  url: { type: 'string' },
  'read-only': { type: 'boolean', default: false },
  name: { type: 'string' },
  roles: { type: 'string' },
  out: { type: 'string' },
  chains: { type: 'string' },
  'socket-mode': { type: 'boolean', default: false },
  example: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

// Types are stripped and code compiled once a machine, not at every start.
enableCompileCache();

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = read(argv);
  const [verb, ...words] = positionals;
  if (values.version) {
    print(readVersion());
    return 0;
  }
  if (values.help || verb === undefined || verb === 'help') {
    print(USAGE);
    return verb === undefined && !values.help ? 2 : 0;
  }
  const config = await readConfig();
  return run(verb, words, values, config);
}

type Values = ReturnType<typeof read>['values'];

/** Each verb loads only what it needs: an answer should not wait for a web server. */
async function run(verb: string, words: string[], values: Values, config: Config): Promise<number> {
  const { as, conversation, json, 'no-color': noColor, days, out, 'socket-mode': socketMode, example } = values;
  switch (verb) {
    case 'serve': {
      const { serve } = await import('./main/serve.ts');
      await serve(config, print);
      return 0;
    }
    case 'chat': {
      const { chat } = await import('./main/chat.ts');
      await chat(config, as, !noColor);
      return 0;
    }
    case 'ask': {
      const { ask } = await import('./main/ask.ts');
      await ask(config, { text: words.join(' '), as, conversation, json }, print);
      return 0;
    }
    case 'audit': {
      const { audit } = await import('./main/audit.ts');
      return (await audit(words.join(' '), values, config, print)) ? 0 : 1;
    }
    case 'keys': {
      const { keys } = await import('./main/keys.ts');
      await keys(words.join(' '), values, config, print);
      return 0;
    }
    case 'report': {
      const { report } = await import('./main/report.ts');
      const asked = { report: words.join(' '), window: values.window, as, json };
      return (await report(config, asked, print)) ? 0 : 1;
    }
    case 'usage': {
      const { usage } = await import('./main/usage.ts');
      await usage(config, { days, json }, print);
      return 0;
    }
    case 'store': {
      const { store } = await import('./main/store.ts');
      return (await store(words.join(' '), values, config, print)) ? 0 : 1;
    }
    case 'readiness':
    case 'smoke':
    case 'backup':
    case 'restore': {
      const { operate } = await import('./main/operate.ts');
      return (await operate(verb, values, config, print)) ? 0 : 1;
    }
    case 'manifests': {
      const { manifests } = await import('./main/manifests.ts');
      manifests(config, { out, socketMode, example }, print);
      return 0;
    }
    default:
      throw wrongCall(verb);
  }
}

function read(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new OpsError('config_invalid', asOpsError(cause).message, { hint: USAGE, cause });
  }
}

function wrongCall(what: string): OpsError {
  return new OpsError('config_invalid', `There is no verb "${what}".`, { hint: USAGE });
}

// Whoever reads the answer may stop reading, as `| head` does: what was started still ends as it should.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  const error = asOpsError(thrown);
  complain(error.message);
  complain(error.hint);
  if (error.code === 'internal') complain(String(error.stack));
  process.exitCode = error.code === 'config_invalid' ? 2 : 1;
}
