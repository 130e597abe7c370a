import type { SSM } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { startDeadline } from './deadline.ts';
import { OpsError } from './errors.ts';
import { mapRemoteError } from './remote-config-errors.ts';

/** One parameter of Parameter Store, decrypted. */
export interface Parameter {
  name: string;
  type: 'String' | 'StringList' | 'SecureString';
  value: string;
}

/** Parameter Store and Secrets Manager, as far as configuration is kept there. Reads only. */
export interface RemoteConfig {
  /**
   * A name: that parameter. A path that ends with '/': those directly below it, sorted by name, 200 at most.
   *
   * @throws OpsError `aws_*`; `aws_not_found` where there is none
   */
  parameters(nameOrPath: string): Promise<Parameter[]>;
  /** The text of a secret's current version. @throws OpsError `aws_*` */
  secret(nameOrArn: string): Promise<string>;
}

export interface RemotePlace {
  region: string;
  /** Another server that speaks AWS; left out, the SDK decides. */
  endpointUrl: string | undefined;
}

/** For everything that one reading asks, retries and all pages together. */
const DEADLINE_MS = 10_000;
const MOST_PARAMETERS = 200;

const Answered = z
  .object({ Name: z.string(), Type: z.enum(['String', 'StringList', 'SecureString']), Value: z.string() })
  .transform(({ Name, Type, Value }): Parameter => ({ name: Name, type: Type, value: Value }));
const One = z.object({ Parameter: Answered });
const Page = z.object({ Parameters: z.array(Answered), NextToken: z.string().optional() });
const Secret = z.object({ SecretString: z.string() });

/** With whatever credentials the SDK finds. The SDK is loaded with the first call and not before. */
export function openRemoteConfig(place: RemotePlace): RemoteConfig {
  let opening: Promise<SSM> | undefined;
  const openSsm = () => {
    opening ??= import('@aws-sdk/client-ssm').then((sdk) => new sdk.SSM(clientConfig(place)));
    return opening;
  };

  return {
    async parameters(nameOrPath) {
      const ssm = await openSsm();
      if (nameOrPath.endsWith('/')) return below(ssm, nameOrPath.slice(0, -1), place.region);
      return inTime('ssm:GetParameter', place.region, async (options) => {
        const answer = await ssm.getParameter({ Name: nameOrPath, WithDecryption: true }, options);
        return [One.parse(answer).Parameter];
      });
    },

    async secret(nameOrArn) {
      const { SecretsManager } = await import('@aws-sdk/client-secrets-manager');
      // An ARN may be of another Region than the one OpsAgent works in.
      const region = /^arn:[\w-]+:secretsmanager:([\w-]+):/.exec(nameOrArn)?.[1] ?? place.region;
      const client = new SecretsManager(clientConfig({ ...place, region }));
      return inTime('secretsmanager:GetSecretValue', region, async (options) => {
        const answer = await client.getSecretValue({ SecretId: nameOrArn }, options);
        return Secret.parse(answer).SecretString;
      }).finally(() => client.destroy());
    },
  };
}

function below(ssm: SSM, path: string, region: string): Promise<Parameter[]> {
  return inTime('ssm:GetParametersByPath', region, async (options) => {
    const found: Parameter[] = [];
    let NextToken: string | undefined;
    do {
      const page = Page.parse(await ssm.getParametersByPath({ Path: path, WithDecryption: true, NextToken }, options));
      found.push(...page.Parameters);
      NextToken = page.NextToken;
      if (found.length > MOST_PARAMETERS) throw tooMany(path);
    } while (NextToken !== undefined);
    if (found.length === 0) throw nothingBelow(path, region);
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

async function inTime<T>(
  action: string,
  region: string,
  call: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const deadline = startDeadline(DEADLINE_MS);
  try {
    return await call({ abortSignal: deadline.signal });
  } catch (thrown) {
    throw mapRemoteError(thrown, action, region);
  } finally {
    deadline.over();
  }
}

function clientConfig({ region, endpointUrl }: RemotePlace) {
  return {
    region,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3_000 },
  };
}

function nothingBelow(path: string, region: string): OpsError {
  return new OpsError('aws_not_found', `there is no parameter directly below ${path}/ in ${region}`, {
    hint: 'Check the path and AWS_REGION. For a list of nobody keep a parameter with the value {}.',
  });
}

function tooMany(path: string): OpsError {
  return new OpsError('aws_invalid', `there are more than ${MOST_PARAMETERS} parameters below ${path}/`, {
    hint: 'Name a path that holds nothing else, and put more into each parameter.',
  });
}
