import type { Person } from '../approvals/people.ts';
import { readPeople } from '../approvals/people-parameters.ts';
import { Settings } from '../approvals/settings.ts';
import type { Clock } from '../lib/clock.ts';
import type { Config } from '../lib/config.ts';
import type { Log } from '../lib/log.ts';
import { openRemoteConfig } from '../lib/remote-config.ts';
import { type WatchedParameters, watchParameters } from '../lib/remote-watch.ts';
import { joinYaml } from '../lib/remote-yaml.ts';

interface Parts {
  config: Config;
  clock: Clock;
  log: Log;
}

/** The policy as Parameter Store holds it. @throws OpsError `config_invalid` when it cannot be read or is wrong */
export function openPolicyParameters(nameOrPath: string, parts: Parts): Promise<WatchedParameters<Settings>> {
  return watchParameters<Settings>({
    ...{ key: 'POLICY_SSM', nameOrPath, remote: remoteOf(parts.config), clock: parts.clock, log: parts.log },
    read: (parameters) => Settings.parse(joinYaml(parameters)),
  });
}

/** The people as Parameter Store holds them. @throws OpsError `config_invalid` when they cannot be read or are wrong */
export function openPeopleParameters(nameOrPath: string, parts: Parts): Promise<WatchedParameters<readonly Person[]>> {
  return watchParameters<readonly Person[]>({
    ...{ key: 'PEOPLE_SSM', nameOrPath, remote: remoteOf(parts.config), clock: parts.clock, log: parts.log },
    read: readPeople,
  });
}

function remoteOf({ AWS_REGION: region, AWS_ENDPOINT_URL: endpointUrl }: Config) {
  return openRemoteConfig({ region, endpointUrl });
}
