import type { Config } from '../lib/config.ts';
import { OpsError } from '../lib/errors.ts';

interface Values {
  json: boolean;
  url?: string;
  'read-only': boolean;
  out?: string;
  from?: string;
}

/** The verbs of whoever runs OpsAgent. False: it was found that something is not as it should be, and that was printed. */
export async function operate(
  verb: 'readiness' | 'smoke' | 'backup' | 'restore',
  values: Values,
  config: Config,
  print: (line: string) => void,
): Promise<boolean> {
  switch (verb) {
    case 'readiness':
      return (await import('./readiness.ts')).readiness(config, values.json, print);
    case 'smoke':
      return (await import('./smoke.ts')).smoke(config, { url: values.url, readOnly: values['read-only'] }, print);
    case 'backup':
      return (await import('./backup.ts')).backup(config, named(values.out, 'backup --out FILE'), print);
    case 'restore':
      return (await import('./restore.ts')).restore(config, named(values.from, 'restore --from FILE'), print);
  }
}

function named(file: string | undefined, call: string): string {
  if (file) return file;
  throw new OpsError('config_invalid', 'No file is named.', { hint: `Call it like this: opsagent ${call}` });
}
