import { chatKeys } from './chat-config.ts';
import type { Config } from './config.ts';
import { asOpsError } from './errors.ts';
import { llmKeys } from './llm-config.ts';
import type { Log } from './log.ts';
import type { RemoteConfig } from './remote-config.ts';
import { resolveReferences } from './remote-references.ts';
import type { Secret } from './secret.ts';

/** The secrets that a running process takes over when what their reference leads to changes; the others are read once. */
const KEPT_FRESH = {
  SLACK_SIGNING_SECRET: chatKeys.SLACK_SIGNING_SECRET,
  SLACK_BOT_TOKEN: chatKeys.SLACK_BOT_TOKEN,
  MICROSOFT_APP_PASSWORD: chatKeys.MICROSOFT_APP_PASSWORD,
  ANTHROPIC_API_KEY: llmKeys.ANTHROPIC_API_KEY,
};
type FreshKey = keyof typeof KEPT_FRESH;
const KEYS = Object.keys(KEPT_FRESH) as FreshKey[];

export interface FreshSecrets {
  /** Undefined where it is not set. */
  of(key: FreshKey): Secret | undefined;
  /** Reads again what is kept in AWS. Never rejects: what cannot be read, or is no such secret, leaves the last good one. */
  refresh(): Promise<void>;
}

/** Whether there is anything to read again. */
export const hasFreshSecrets = ({ references }: Pick<Config, 'references'>): boolean =>
  KEYS.some((key) => references[key] !== undefined);

/** `remote` is opened with the first refresh that has something to read. */
export function createFreshSecrets(config: Config, remote: () => Promise<RemoteConfig>, log: Log): FreshSecrets {
  const references = KEYS.flatMap((key) => {
    const [reference, value] = [config.references[key], config[key]];
    return reference === undefined || value === undefined ? [] : [{ key, reference, value }];
  });
  let opened: RemoteConfig | undefined;
  const values = new Map(references.map(({ key, value }) => [key, value]));

  async function readOne(key: FreshKey, reference: string, from: RemoteConfig): Promise<void> {
    try {
      const { [key]: text } = await resolveReferences({ [key]: reference }, from);
      const read = KEPT_FRESH[key].safeParse(text);
      // The schema's words may quote what is there.
      if (!read.success || read.data === undefined)
        return log.warn({ key, reference }, 'a secret was not taken over: what is kept there has another form');
      if (read.data === values.get(key)) return;
      values.set(key, read.data);
      log.info({ key, reference }, 'a secret was taken over');
    } catch (thrown) {
      log.warn(
        { key, reference, error: asOpsError(thrown).message },
        'a secret could not be read; the last good one stays',
      );
    }
  }

  return {
    of: (key) => (values.has(key) ? () => values.get(key) ?? '' : config[key]),
    async refresh() {
      if (references.length === 0) return;
      try {
        opened ??= await remote();
      } catch (thrown) {
        return log.warn({ error: asOpsError(thrown).message }, 'secrets could not be read; the last good ones stay');
      }
      const from = askingOnce(opened);
      await Promise.all(references.map(({ key, reference }) => readOne(key, reference, from)));
    },
  };
}

/** Several keys may be members of one secret: it is asked for once, so they are of one version too. */
function askingOnce(remote: RemoteConfig): RemoteConfig {
  const secrets = new Map<string, Promise<string>>();
  return {
    ...remote,
    secret(id) {
      const asked = secrets.get(id) ?? remote.secret(id);
      secrets.set(id, asked);
      return asked;
    },
  };
}
