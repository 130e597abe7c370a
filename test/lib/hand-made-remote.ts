import { OpsError } from '../../lib/errors.ts';
import type { Parameter, RemoteConfig } from '../../lib/remote-config.ts';

/** Parameter Store and Secrets Manager held in memory; a test changes what is there and what goes wrong. */
export interface HandMadeRemote extends RemoteConfig {
  kept: Map<string, Parameter>;
  secrets: Map<string, string>;
  /** Thrown by every reading, while it is set. */
  fault: OpsError | undefined;
  /** What was asked for, oldest first. */
  asked: string[];
  put(name: string, value: string, type?: Parameter['type']): void;
}

export function handMadeRemote(): HandMadeRemote {
  const remote: HandMadeRemote = {
    kept: new Map(),
    secrets: new Map(),
    fault: undefined,
    asked: [],
    put: (name, value, type = 'String') => void remote.kept.set(name, { name, type, value }),
    async parameters(nameOrPath) {
      remote.asked.push(nameOrPath);
      if (remote.fault) throw remote.fault;
      const found = [...remote.kept.values()].filter(({ name }) =>
        nameOrPath.endsWith('/') ? name.startsWith(nameOrPath) : name === nameOrPath,
      );
      if (found.length === 0) throw notThere(nameOrPath);
      return found;
    },
    async secret(id) {
      remote.asked.push(id);
      if (remote.fault) throw remote.fault;
      const text = remote.secrets.get(id);
      if (text === undefined) throw notThere(id);
      return text;
    },
  };
  return remote;
}

export const throttled = new OpsError('aws_throttled', 'ssm:GetParameter in eu-west-1 failed: Rate exceeded', {
  hint: 'Wait.',
  retryable: true,
});
export const denied = new OpsError('aws_access_denied', 'ssm:GetParameter in eu-west-1 failed: not authorized', {
  hint: "Allow ssm:GetParameter for OpsAgent's role.",
});
export const invalid = new OpsError('aws_invalid', 'there are more than 200 parameters below it', {
  hint: 'Name a path that holds nothing else.',
});

const notThere = (name: string) => new OpsError('aws_not_found', `${name} is not there`, { hint: 'Check the name.' });
